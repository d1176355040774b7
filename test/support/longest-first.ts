import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The test files that take longest, longest first: a long one that starts last keeps one core waiting for the other. Order
 * matters, completeness does not: a file that is not named comes after these.
 */
const longest: readonly string[] = [
  'zoo/rollcall',
  'integration/own-material',
  'site/failing',
  'integration/recorded-twice',
  'integration/ending',
  'integration/recordings',
  'integration/loss-of-codecs',
  'soak/soak',
  'evaluate/quality',
  'integration/kafka-loss',
  'soak/thinned',
  'sinks/kafka/hanging-broker',
  'integration/live',
  'browser/cameras',
  'commands/doctor/one-camera',
  'chaos/chaos',
  'browser/shell',
  'integration/loss',
  'commands/people/enroll',
  'viewer/viewer',
  'integration/detail-score',
  'site/cameras/at-run-time',
  'models/cast',
  'identity/clips',
  'browser/exact',
  'native/overload',
  'zoo/gstreamer',
  'zoo/dead-cameras',
  'evaluate/streams',
  'integration/little-memory',
  'integration/state',
  'browser/people',
  'integration/sources',
  'integration/environments',
  'commands/capture',
  'sinks/kafka/kafka-sink',
  'integration/detail',
  'sinks/websocket/slow-client',
  'examples/follow-person',
  'site/run',
  'tracking/cut',
  'integration/odd-passwords',
  'browser/acts',
  'ingest/capture/capture',
  'site/enroll-photos',
  'identity/gallery/deletion',
  'browser/elements',
  'examples/watch-people',
  'native/ring',
  'reconnects/reconnects',
  'vision/sharpness',
  'integration/truth',
]

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
  return place < 0 ? longest.length : place
}

/** Sorts by `longest`, else as Vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
