import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readTruth } from '../../src/demo/truth.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { footage, loops, watchFootage } from '../support/watch-footage.ts'
import { scoreFootage } from './footage-score.ts'

const peopleIn = (loop: string): string[] =>
  JSON.parse(readFileSync(join(footage, `${loop}.truth.jsonl`), 'utf8').split('\n', 1)[0] ?? '').people
/** The ten people of the footage. */
export const everybody = new Set(loops.flatMap(peopleIn))

/** What was measured when the last change of the engine was judged; a worse score fails. */
const committed: Readonly<Record<string, Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(new URL('../quality/footage.json', import.meta.url), 'utf8'),
)
/** What another machine's floating point may change: a frame or two. */
const tolerance = 0.002

/** Everybody whom a camera has seen, by the ID that is valid in the end. */
const seenBy = (camera: string, events: readonly RollcallEvent[]): Set<string> => {
  const into = new Map<string, string>()
  const seen = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'rollcall.person.merged.v1') into.set(event.data.person, event.data.into)
    if (event.type === 'rollcall.sighting.started.v1' && event.data.camera === camera)
      seen.set(event.data.sighting, event.data.person)
    if (event.type === 'rollcall.sighting.corrected.v1' && seen.has(event.data.sighting))
      seen.set(event.data.sighting, event.data.person)
  }
  const resolved = (id: string): string => {
    const other = into.get(id)
    return other === undefined ? id : resolved(other)
  }
  return new Set([...seen.values()].map(resolved))
}

const peopleOf = (events: readonly { type: string }[]): number =>
  events.filter(({ type }) => type === 'rollcall.person.created.v1').length -
  events.filter(({ type }) => type === 'rollcall.person.merged.v1').length

/**
 * All loops together: the same people everywhere, and the score of `name` in `test/quality/footage.json`. All frames are
 * analysed when `maxFps` is left out.
 */
export const expectTheSamePeople = async (name: string, maxFps?: number): Promise<void> => {
  const events = await watchFootage(maxFps)
  expect(peopleOf(events)).toBe(everybody.size)
  for (const loop of loops) expect(seenBy(loop, events).size, loop).toBe(peopleIn(loop).length)
  const { bcubedF, bcubedP, idf1, live, idsPerPerson } = await scoreFootage(events, (loop) =>
    readTruth(join(footage, `${loop}.truth.jsonl`)),
  )
  expect(idsPerPerson).toBe(1)
  const score = { bcubedF, bcubedP, idf1, live }
  for (const [key, value] of Object.entries(score))
    expect(value, JSON.stringify(score)).toBeGreaterThanOrEqual((committed[name]?.[key] ?? 1) - tolerance)
}
