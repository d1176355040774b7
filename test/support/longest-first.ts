import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The projects of `vitest.config.ts`, in this order: a process is used on by the next file only when that is of the same
 * project. Those that wait most for cameras and brokers begin, those that only compute come last.
 */
const projects: readonly string[] = ['whole', 'alone', 'tidy', 'pure']

/**
 * The test files that take longest, longest first: a long one that starts last keeps one core waiting for the other. Order
 * matters, completeness does not: a file that is not named comes after those of its project.
 */
const longest: readonly string[] = [
  'integration/recorded-twice',
  'site/failing',
  'integration/ending',
  'integration/environments',
  'integration/live',
  'integration/kafka-loss',
  'evaluate/quality',
  'integration/state',
  'site/cameras/at-run-time',
  'integration/recordings',
  'integration/own-material',
  'placement/placement',
  'site/run',
  'soak/soak',
  'site/enroll-photos',
  'browser/people',
  'browser/cameras',
  'commands/doctor/one-camera',
  'integration/truth',
  'integration/switched-embedder',
  'viewer/viewer',
  'models/cast',
  'chaos/chaos',
  'commands/result-schemas',
  'seam/roles',
  'identity/gallery/deletion',
  'commands/cluster',
  'integration/sources',
  'zoo/rollcall',
  'placement/roles',
  'native/doze',
  'commands/people/enroll',
  'scale/scale',
  'browser/shell',
  'integration/detail-score',
  'browser/video',
  'commands/recognise',
  'commands/verify',
  'native/overload',
  'deploy/package',
  'ingest/pixel-formats',
  'ingest/containers',
  'native/lifetime',
  'seam/pictures',
  'integration/little-memory',
  'seam/state/take-over',
  'sinks/kafka/hanging-broker',
  'integration/odd-passwords',
  'integration/loss-of-embeddings',
  'soak/thinned',
  'server/fuzz',
  'ingest/capture/capture',
  'evaluate/streams',
  'integration/watched',
  'integration/detail',
  'sinks/kafka/kafka-sink',
  'zoo/dead-cameras',
  'examples/people',
  'commands/relabel',
  'examples/follow-person',
  'examples/watch-people',
  'site/crash',
  'identity/store/store',
  'browser/acts',
  'native/transport-stream',
  'commands/capture',
  'integration/secrets',
  'integration/rest',
  'zoo/gstreamer',
  'commands/events',
  'reconnects/reconnects',
  'commands/people',
  'photos/decoder',
  'integration/loss',
  'sinks/websocket/slow-client',
  'integration/loss-of-disposable',
  'browser/exact',
  'vision/webgpu',
  'integration/loss-of-hls',
  'tracking/cut',
  'simulator/gstreamer',
  'site/vision-pool',
  'commands/migrate',
  'zoo/other-servers',
  'vision/embedder',
  'identity/search',
  'integration/process-one',
  'schemas/output',
  'ipc/supervise',
  'sinks/webhook/webhook-sink',
  'site/crops/recordings',
  'ingest/hostile',
  'evaluate/learning',
  'commands/backup',
  'viewer/login',
  'identity/identity.property',
  'integration/loss-of-codecs',
  'native/ring',
  'commands/doctor',
  'native/same-frames',
  'deploy/dashboard',
  'native/access-units',
  'models/embedder',
  'identity/gallery/acts.property',
  'commands/people-running',
  'identity/many-events',
  'commands/people-take-off',
  'commands/mcp',
  'identity/store/plateau',
  'client/package',
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
