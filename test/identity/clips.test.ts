import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { clips, models } from '../support/material.ts'
import { watched } from '../support/watched.ts'

const watch = (clip: string): Promise<readonly RollcallEvent[]> =>
  watched({ cameras: { camera: join(clips() ?? '', clip) }, models: models() ?? '' })
const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'
const peopleOf = (events: readonly RollcallEvent[]): number =>
  events.filter(({ type }) => type === 'rollcall.person.created.v1').length -
  events.filter(({ type }) => type === 'rollcall.person.merged.v1').length

/** Who is to be seen from second to second, by eye; the camera whips from one to the next in between. */
const turns = [
  ['A', 0.4, 1],
  ['B', 1.8, 2.3],
  ['C', 2.8, 3.1],
  ['B', 3.7, 4.4],
  ['A', 5.2, 6.8],
  ['A', 9.7, 10.6],
  // The first picture is blurred, so the ID comes with the second embedding, 0.1 s later.
  ['A', 14.95, 15.3],
] as const

describe.skipIf(!clips() || !models())('real footage', () => {
  it.each(['three-people.mp4', 'three-people-rotated.mp4'])(
    '%s: three people, each the same whenever seen',
    async (clip) => {
      const events = await watch(clip)
      expect(peopleOf(events)).toBe(3)
      const names = new Map<string, Set<string>>()
      for (const [name, from, until] of turns) {
        const frames = events
          .filter(isFrame)
          .filter(({ data: { ptsUs } }) => ptsUs >= from * 1e6 && ptsUs <= until * 1e6)
        const seen = frames.flatMap(({ data }) => data.faces.flatMap(({ person }) => person ?? []))
        // A new track has an ID within a few frames, a new person within a second.
        expect(seen.length, `${name} from ${from} s`).toBeGreaterThan(frames.length / 4)
        names.set(name, new Set([...(names.get(name) ?? []), ...seen]))
      }
      const ids = [...names.values()].map((set) => [...set])
      expect(ids.map(({ length }) => length)).toEqual([1, 1, 1])
      expect(new Set(ids.flat()).size).toBe(3)
    },
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
  ] as const)(
    '%s: %i to %i people',
    async (clip, least, most) => {
      const people = peopleOf(await watch(clip))
      expect(people).toBeGreaterThanOrEqual(least)
      expect(people).toBeLessThanOrEqual(most)
    },
    120_000,
  )
})
