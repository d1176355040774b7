import type { Decision, RollcallEvent } from '../../events/types.ts'
import type { PersonId, TrackId } from '../../types.ts'
import { roundedCandidate, roundedDecision } from '../events/event-values.ts'

/** Whose a track is: in a replay, or in fact; null when nobody was told by it. */
export type Whose = ReadonlyMap<TrackId, PersonId | null>

/** Why a track is whose it is: the last decision on it, or the merge of whom it was given to. As events say it. */
export type Why = Omit<Decision, 'person' | 'reason'> & { readonly reason: Decision['reason'] | 'merged' }

/** What one replay made of the tracks. */
export interface Outcome {
  readonly whose: Whose
  readonly why: ReadonlyMap<TrackId, Why>
}

/** Tracks that would be somebody else's. */
export interface TracksChanged {
  /** Whose they are; null: nobody was told by them. */
  readonly from: PersonId | null
  /** Whose they would be; null: nobody would be told by them, or by a new ID (`isNew`). */
  readonly to: PersonId | null
  readonly isNew: boolean
  /** Whether these are all tracks of `from` that were replayed. */
  readonly isAll: boolean
  readonly tracks: readonly TrackId[]
  /** The decision on the first of them that had one; null when it follows from people who were merged or split. */
  readonly why: Why | null
}

/** Collects whose tracks are from events, the last word on each. */
export const createOutcome = (tracks: Iterable<TrackId>) => {
  const whose = new Map<TrackId, PersonId | null>([...tracks].map((track) => [track, null]))
  const why = new Map<TrackId, Why>()
  const merged = new Map<PersonId, Why>()
  /** Whom the last decision on a track was for. Whom it made may be merged in the same frame, which is no decision on it. */
  const decidedAs = new Map<TrackId, PersonId>()
  const whyOf = ([track, last]: readonly [TrackId, Why]): readonly [TrackId, Why] => [
    track,
    merged.get(decidedAs.get(track) ?? '') ?? last,
  ]
  return {
    hear(events: readonly RollcallEvent[]): void {
      for (const { type, data } of events)
        if (type === 'rollcall.person.merged.v1' && data.score !== null) {
          const { into: person, similarity, score, threshold } = data
          const candidate = roundedCandidate({ person, similarity: similarity ?? score, score })
          merged.set(data.person, { candidate, runnerUp: null, threshold: threshold ?? score, reason: 'merged' })
        } else if (type === 'rollcall.person.created.v1') {
          if (data.track !== null) decidedAs.set(data.track, data.person)
        } else if (type === 'rollcall.track.assigned.v1' || type === 'rollcall.track.reassigned.v1') {
          whose.set(data.track, data.person)
          const { candidate, runnerUp, threshold, reason } = data
          if (reason !== 'created') decidedAs.set(data.track, data.person)
          why.set(data.track, roundedDecision({ person: null, candidate, runnerUp, threshold, reason }))
        }
    },
    outcome: (resolve: (id: PersonId) => PersonId): Outcome => ({
      whose: new Map([...whose].map(([track, id]) => [track, id === null ? null : resolve(id)])),
      why: new Map([...why].map(whyOf)),
    }),
  }
}

/**
 * For each ID of `one` the same person's of `other`. Who was known before, `known`, has the same in both. For the rest it is the ID with
 * which it has the most tracks in common, each used once: the largest overlap first, of equals the one whose IDs come first.
 */
export const matched = (one: Whose, other: Whose, known: ReadonlySet<PersonId>): Map<PersonId, PersonId> => {
  const overlaps = new Map<string, { readonly a: PersonId; readonly b: PersonId; count: number }>()
  for (const [track, a] of one) {
    const b = other.get(track) ?? null
    if (a === null || b === null) continue
    const overlap = overlaps.get(`${a} ${b}`) ?? { a, b, count: 0 }
    overlap.count++
    overlaps.set(`${a} ${b}`, overlap)
  }
  const byName = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0)
  const best = [...overlaps.values()].sort((x, y) => y.count - x.count || byName(x.a + x.b, y.a + y.b))
  const pairs = new Map<PersonId, PersonId>([...known].map((id) => [id, id]))
  const used = new Set<PersonId>(known)
  for (const { a, b } of best) {
    if (pairs.has(a) || used.has(b)) continue
    pairs.set(a, b)
    used.add(b)
  }
  return pairs
}

/** What differs between a replay with the settings as they are and one with others. IDs of people are those of `actual`. */
export const changesBetween = (
  base: Outcome,
  other: Outcome,
  actual: Whose,
  known: ReadonlySet<PersonId>,
): TracksChanged[] => {
  const toActual = matched(base.whose, actual, known)
  const toBase = matched(other.whose, base.whose, known)
  const shown = (id: PersonId | null): PersonId | null => (id === null ? null : (toActual.get(id) ?? id))
  const counts = new Map<PersonId | null, number>()
  for (const id of base.whose.values()) counts.set(id, (counts.get(id) ?? 0) + 1)
  const groups = new Map<string, { from: PersonId | null; to: PersonId | null; isNew: boolean; tracks: TrackId[] }>()
  for (const [track, from] of base.whose) {
    const then = other.whose.get(track) ?? null
    const to = then === null ? null : (toBase.get(then) ?? null)
    const isNew = then !== null && to === null
    if (from === to && !isNew) continue
    const key = `${from} ${isNew ? `new ${then}` : to}`
    const group = groups.get(key) ?? { from, to, isNew, tracks: [] }
    group.tracks.push(track)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ from, to, isNew, tracks }) => ({
    from: shown(from),
    to: shown(to),
    isNew,
    isAll: from !== null && tracks.length === counts.get(from),
    tracks,
    why: tracks.flatMap((track) => other.why.get(track) ?? [])[0] ?? null,
  }))
}

/** The share of tracks, 0–1, that are with the same others in both, as far as IDs can be matched; 1 without tracks. */
export const agreement = (one: Whose, other: Whose, known: ReadonlySet<PersonId>): number => {
  const pairs = matched(one, other, known)
  const same = [...one].filter(
    ([track, id]) => (id === null ? null : (pairs.get(id) ?? '')) === (other.get(track) ?? null),
  )
  return one.size === 0 ? 1 : same.length / one.size
}
