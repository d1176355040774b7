import { expect, test } from 'vitest'
import { countOf } from '../../viewer/src/ui/count.ts'

test('one thing has another word than several, and none has that of several', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'stay'))).toEqual(['0 stays', '1 stay', '2 stays'])
  expect([1, 3].map((count) => countOf(count, 'person', 'people'))).toEqual(['1 person', '3 people'])
})
