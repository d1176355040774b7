import { type IdentityBenchmark, type Judged, scoreIdentities } from '../../src/evaluate/identity-scores.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { PersonId, TrackId } from '../../src/types.ts'

/** A merge or a split, with who the people truly are. */
export interface Change {
  readonly atMs: number
  readonly type: 'created' | 'merged' | 'split'
  readonly person: PersonId
  readonly other: PersonId | null
  /** Evidence-corrected; null when somebody said so. */
  readonly score: number | null
  /** The true people behind the two IDs so far, most faces first. */
  readonly truth: string
  readonly otherTruth: string
}

export interface Tally {
  /** What vision gave, who is truly there, and what the engine made of it. */
  heard(events: readonly RollcallEvent[], truths: readonly (string | null)[]): void
  readonly changes: readonly Change[]
  /** The true people behind an ID so far, most faces first. */
  whoIs(id: PersonId): string
  /** Faces under another ID than the same person had before. */
  readonly switches: number
  /** True people who were seen under an ID, and how many each had on average; merged ones count as one. */
  people(): { readonly found: number; readonly idsPerPerson: number }
  score(): IdentityBenchmark
}

/** Tracks without an ID that are remembered, in case they get one. */
const mostWaiting = 1000

/** Counts instead of keeping, so that hours need no more memory than minutes. */
export const createTally = (resolve: (id: PersonId) => PersonId): Tally => {
  /** person ID → truth → faces, at once or later. */
  const counts = new Map<PersonId, Map<string, { live: number; late: number }>>()
  const waiting = new Map<TrackId, Map<string, number>>()
  const never = new Map<string, number>()
  const lastOf = new Map<string, PersonId>()
  const changes: Change[] = []
  let switches = 0

  const count = (id: PersonId, truth: string, live: number, late: number): void => {
    const row = counts.get(id) ?? new Map<string, { live: number; late: number }>()
    counts.set(id, row)
    const cell = row.get(truth) ?? { live: 0, late: 0 }
    row.set(truth, { live: cell.live + live, late: cell.late + late })
  }
  const whoIs = (id: PersonId): string =>
    [
      ...Map.groupBy(
        [...counts].filter(([each]) => resolve(each) === resolve(id)).flatMap(([, row]) => [...row]),
        ([truth]) => truth,
      ),
    ]
      .map(([truth, cells]) => [truth, cells.reduce((sum, [, { live, late }]) => sum + live + late, 0)] as const)
      .sort((a, b) => b[1] - a[1])
      .map(([truth, faces]) => `${truth} ${faces}`)
      .join(', ')
  const wait = (track: TrackId, truth: string): void => {
    const row = waiting.get(track) ?? new Map<string, number>()
    waiting.set(track, row.set(truth, (row.get(truth) ?? 0) + 1))
    for (const [oldest, faces] of waiting) {
      if (waiting.size <= mostWaiting) break
      waiting.delete(oldest)
      for (const [each, n] of faces) never.set(each, (never.get(each) ?? 0) + n)
    }
  }
  const claim = (track: TrackId, id: PersonId): void => {
    for (const [truth, faces] of waiting.get(track) ?? []) count(id, truth, 0, faces)
    waiting.delete(track)
  }
  const note = (event: RollcallEvent): void => {
    const atMs = Date.parse(event.time)
    const said = (type: Change['type'], person: PersonId, other: PersonId | null, score: number | null): void => {
      const otherTruth = other === null ? '' : whoIs(other)
      changes.push({ atMs, type, person, other, score, truth: whoIs(person), otherTruth })
    }
    const { type, data } = event
    if (type === 'rollcall.track.assigned.v1' || type === 'rollcall.track.reassigned.v1') claim(data.track, data.person)
    if (type === 'rollcall.person.created.v1') said('created', data.person, null, null)
    if (type === 'rollcall.person.merged.v1') said('merged', data.person, data.into, data.score)
    if (type === 'rollcall.person.split.v1') said('split', data.person, data.off, data.score)
  }

  return {
    changes,
    whoIs,
    get switches() {
      return switches
    },
    heard(events, truths) {
      for (const event of events) {
        note(event)
        if (event.type !== 'rollcall.frame.v1') continue
        for (const [i, { track, person }] of event.data.faces.entries()) {
          const truth = truths[i] ?? null
          if (truth === null) continue
          if (person === null) wait(track, truth)
          else {
            count(person, truth, 1, 0)
            const last = lastOf.get(truth)
            if (last !== undefined && resolve(last) !== resolve(person)) switches++
            lastOf.set(truth, person)
          }
        }
      }
    },
    people() {
      const idsOf = new Map<string, Set<PersonId>>()
      for (const [id, row] of counts)
        for (const [truth, { live }] of row)
          if (live > 0) idsOf.set(truth, (idsOf.get(truth) ?? new Set()).add(resolve(id)))
      const all = [...idsOf.values()].reduce((sum, ids) => sum + ids.size, 0)
      return { found: idsOf.size, idsPerPerson: idsOf.size === 0 ? 0 : all / idsOf.size }
    },
    score() {
      const faces: Judged[] = []
      const add = (n: number, judged: Omit<Judged, 'alone' | 'atMs'>, alone: string): void => {
        for (let i = 0; i < n; i++) faces.push({ ...judged, alone, atMs: 0 })
      }
      for (const [id, row] of counts)
        for (const [truth, { live, late }] of row) {
          add(live, { truth, id: resolve(id), live: true }, id)
          add(late, { truth, id: resolve(id), live: false }, id)
        }
      for (const [track, row] of waiting) for (const [truth, n] of row) add(n, { truth, id: null, live: false }, track)
      // Those that were forgotten are one cluster a person: BCubed recall is a little too good, precision is right.
      for (const [truth, n] of never) add(n, { truth, id: null, live: false }, `never ${truth}`)
      return { ...scoreIdentities(faces), idSwitches: switches }
    },
  }
}
