import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The test files that take longest, longest first: a long one that starts last keeps one core waiting for the other. Order
 * matters, completeness does not: a file that is not named comes after these.
 */
const longest: readonly string[] = [
  'zoo/gstreamer',
  'zoo/rollcall',
  'evaluate/quality',
  'integration/own-material',
  'integration/ending',
  'site/failing',
  'integration/kafka-loss',
  'browser/cameras',
  'commands/doctor/one-camera',
  'sinks/kafka/hanging-broker',
  'browser/acts',
  'browser/exact',
  'browser/shell',
  'viewer/viewer',
  'integration/recorded-twice',
  'integration/live',
  'chaos/chaos',
  'commands/people/enroll',
  'soak/soak',
  'integration/recordings',
  'integration/loss',
  'integration/state',
  'site/run',
  'integration/environments',
  'zoo/dead-cameras',
  'browser/people',
  'integration/little-memory',
  'models/cast',
  'native/overload',
  'integration/detail',
  'integration/detail-score',
  'identity/clips',
  'examples/follow-person',
  'sinks/kafka/kafka-sink',
  'integration/secrets',
  'integration/odd-passwords',
  'sinks/websocket/slow-client',
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
