import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The test files that take longest, longest first: a long one that starts last keeps one core waiting for the other. Order
 * matters, completeness does not: a file that is not named comes after these.
 */
const longest: readonly string[] = [
  'site/failing',
  'identity/clips',
  'integration/kafka-loss',
  'chaos/chaos',
  'integration/state',
  'integration/own-material',
  'models/detector',
  'integration/live',
  'integration/recorded-twice',
  'evaluate/quality',
  'integration/ending',
  'models/cast',
  'integration/environments',
  'integration/recordings',
  'integration/clip-score',
  'simulator/gstreamer',
  'vision/sharpness',
  'soak/soak',
  'commands/people/enroll',
  'schemas/output',
  'integration/loss',
  'commands/events',
  'examples/watch-people',
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
