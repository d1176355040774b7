import { join } from 'node:path'
import { expect } from 'vitest'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { clips, models } from '../support/material.ts'
import { watched } from '../support/watched.ts'

/** What the whole program says of a clip with the public models. */
export const watch = (clip: string): Promise<readonly RollcallEvent[]> =>
  watched({ cameras: { camera: join(clips() ?? '', clip) }, models: models() ?? '' })
export const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'
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

/** `three-people.mp4`, turned or not: three people, each the same whenever seen. */
export const expectTurns = async (clip: string): Promise<void> => {
  const events = await watch(clip)
  expect(peopleOf(events)).toBe(3)
  const names = new Map<string, Set<string>>()
  for (const [name, from, until] of turns) {
    const frames = events.filter(isFrame).filter(({ data: { ptsUs } }) => ptsUs >= from * 1e6 && ptsUs <= until * 1e6)
    const seen = frames.flatMap(({ data }) => data.faces.flatMap(({ person }) => person ?? []))
    // A new track has an ID within a few frames, a new person within a second.
    expect(seen.length, `${name} from ${from} s`).toBeGreaterThan(frames.length / 4)
    names.set(name, new Set([...(names.get(name) ?? []), ...seen]))
  }
  const ids = [...names.values()].map((set) => [...set])
  expect(ids.map(({ length }) => length)).toEqual([1, 1, 1])
  expect(new Set(ids.flat()).size).toBe(3)
}

/** The number of people who were created and not merged. */
export const expectPeople = async (clip: string, least: number, most: number): Promise<void> => {
  const people = peopleOf(await watch(clip))
  expect(people).toBeGreaterThanOrEqual(least)
  expect(people).toBeLessThanOrEqual(most)
}
