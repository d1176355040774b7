import { describe, expect, it } from 'vitest'
import { clips, models } from '../support/material.ts'
import { expectPeople, expectTurns, isFrame, watch } from './clips.ts'

describe.skipIf(!clips() || !models())('real footage', () => {
  it.each(['three-people.mp4', 'three-people-rotated.mp4'])(
    '%s: three people, each the same whenever seen',
    expectTurns,
  )

  it('film-cuts.mp4: each of the two whose faces are clear keeps one ID', async () => {
    const events = await watch('film-cuts.mp4')
    /** The man, whose face is turned and dim, after a second and a half; the woman after half a second. */
    const ids = [
      [4.4, 7.7],
      [9.8, 10.1],
    ].map(([from = 0, until = 0]) => {
      const frames = events.filter(isFrame).filter(({ data: { ptsUs } }) => ptsUs >= from * 1e6 && ptsUs <= until * 1e6)
      const seen = frames.flatMap(({ data }) => data.faces.filter(({ box }) => box.width * data.width > 80))
      expect(seen.length).toBeGreaterThan(frames.length * 0.8)
      return [...new Set(seen.map(({ person }) => person))]
    })
    expect(ids.map(({ length }) => length)).toEqual([1, 1])
    expect(new Set(ids.flat()).size).toBe(2)
    expect(ids.flat()).not.toContain(null)
  })

  it.each([
    // Two main characters, and a man in profile at thirty pixels who may count.
    ['film-cuts.mp4', 2, 3],
    ['indoors.mp4', 3, 5],
    // Of about ten, some never come near.
    ['hikers.mp4', 6, 11],
    // People from behind, and now and then a cheek.
    ['backs-only.mp4', 0, 2],
  ] as const)('%s: %i to %i people', expectPeople)
})
