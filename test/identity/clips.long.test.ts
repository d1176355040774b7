import { describe, it } from 'vitest'
import { clips, models } from '../support/material.ts'
import { expectPeople, expectTurns } from './clips.ts'

describe.skipIf(!clips() || !models())('real footage', () => {
  it('three-people-rotated.mp4: three people, each the same whenever seen', () =>
    expectTurns('three-people-rotated.mp4'))

  it.each([
    ['indoors.mp4', 3, 5],
    // Of about ten, some never come near.
    ['hikers.mp4', 6, 11],
    // People from behind, and now and then a cheek.
    ['backs-only.mp4', 0, 2],
  ] as const)('%s: %i to %i people', expectPeople)
})
