import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The projects of `vitest.config.ts`, in this order: a process is used on by the next file only when that is of the same
 * project. Those that wait most for cameras and brokers begin, those that only compute come last.
 */
const projects: readonly string[] = ['whole', 'tidy', 'alone', 'pure']

/**
 * The test files that take longest, longest first: a long one that starts last keeps one core waiting for the other. Order
 * matters, completeness does not: a file that is not named comes after those of its project.
 */
const longest: readonly string[] = [
  'integration/own-material',
  'site/failing',
  'integration/recorded-twice',
  'integration/ending',
  'commands/people/enroll',
  'integration/detail-score',
  'integration/state',
  'integration/recordings',
  'evaluate/quality',
  'evaluate/streams',
  'browser/shell',
  'integration/live',
  'site/cameras/at-run-time',
  'site/run',
  'site/enroll-photos',
  'chaos/chaos',
  'browser/cameras',
  'commands/recognise',
  'integration/sources',
  'commands/cluster',
  'examples/people',
  'identity/gallery/deletion',
  'models/cast',
  'commands/doctor/one-camera',
  'soak/soak',
  'viewer/viewer',
  'integration/loss-of-codecs',
  'integration/truth',
  'integration/environments',
  'integration/kafka-loss',
  'identity/store/store',
  'integration/switched-embedder',
  'integration/little-memory',
  'commands/capture',
  'sinks/kafka/hanging-broker',
  'browser/exact',
  'integration/loss',
  'ingest/capture/capture',
  'tracking/cut',
  'sinks/kafka/kafka-sink',
  'browser/acts',
  'integration/odd-passwords',
  'identity/store/erasure',
  'commands/relabel',
  'native/overload',
  'browser/people',
  'integration/secrets',
  'ingest/containers',
  'native/lifetime',
  'commands/result-schemas',
  'identity/identity.property',
  'ingest/pixel-formats',
  'zoo/dead-cameras',
  'commands/verify',
  'browser/video',
  'examples/watch-people',
  'photos/decoder',
  'examples/follow-person',
  'integration/process-one',
  'identity/many-events',
  'schemas/output',
  'commands/events',
]

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
  return place < 0 ? longest.length : place
}

/** Sorts by `projects`, then by `longest`, else as Vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rankOf = ({ project }: TestSpecification): number => projects.indexOf(project.name)
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b) || placeOf(a) - placeOf(b))
  }
}
