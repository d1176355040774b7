import { readFileSync } from 'node:fs'
import { identityF1 } from '../../src/evaluate/identity-f1.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'

interface Turn {
  /** Seconds. */
  readonly from: number
  readonly until: number
  /** From left to right, each in an equal part of the picture. */
  readonly people: readonly string[]
}

const turns = readFileSync(new URL('../quality/three-people.truth.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line): Turn => JSON.parse(line))
const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'

/** IDs as they are called at the end; a face without one has what its track was given later. */
const namesOf = (events: readonly RollcallEvent[]): ((track: string, person: string | null) => string | null) => {
  const into = new Map<string, string>()
  const later = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'rollcall.person.merged.v1') into.set(event.data.person, event.data.into)
    if (isFrame(event)) for (const { track, person } of event.data.faces) if (person !== null) later.set(track, person)
  }
  return (track, person) => {
    let name = person ?? later.get(track) ?? null
    for (let next = name; next !== null; next = into.get(next) ?? null) name = next
    return name
  }
}

/**
 * IDF1 of three-people.mp4, whose frames are judged where it was seen by eye who is there. A person in a judged frame is
 * missed when there is no face in its part; a second face there is one too many.
 */
export const scoreThreePeople = (events: readonly RollcallEvent[]): number => {
  const name = namesOf(events)
  const together = new Map<string, number>()
  const [truthIds, ids] = [new Set<string>(), new Set<string>()]
  let [truths, predictions] = [0, 0]
  for (const { data } of events.filter(isFrame)) {
    const atS = data.ptsUs / 1e6
    const turn = turns.find(({ from, until }) => atS >= from && atS <= until)
    if (!turn) continue
    truths += turn.people.length
    const left = new Set(turn.people.keys())
    const bySize = data.faces.toSorted((a, b) => b.box.width - a.box.width)
    for (const { track, person, box } of bySize) {
      const id = name(track, person)
      if (id === null) continue
      predictions++
      const part = Math.floor((box.x + box.width / 2) * turn.people.length)
      if (!left.delete(part)) continue
      const truth = turn.people[part] ?? ''
      truthIds.add(truth)
      ids.add(id)
      together.set(`${truth} ${id}`, (together.get(`${truth} ${id}`) ?? 0) + 1)
    }
  }
  const table = [...truthIds].flatMap((truth) => [...ids].map((id) => together.get(`${truth} ${id}`) ?? 0))
  return identityF1(Float64Array.from(table), truthIds.size, ids.size, truths, predictions).idf1
}
