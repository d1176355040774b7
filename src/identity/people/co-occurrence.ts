import type { PersonId } from '../../types.ts'
import type { Apart } from '../state/state.ts'
import type { PersonIds } from './person-ids.ts'

/**
 * Counts the frames that show two people together. Enough of them are a cannot-link: the two are never merged.
 *
 * Each count is kept for the two IDs that it was made of, and no merge moves it. What is known of two people is the sum
 * over their IDs, aliases included. So an ID that is given back has what was said of it, and of it only.
 */
export interface CoOccurrence {
  /** Adds frames to a pair of IDs. `Infinity` records that somebody said the two differ. */
  add(a: PersonId, b: PersonId, frames: number): void
  /** Sets the count of a pair of IDs. */
  set(a: PersonId, b: PersonId, frames: number): void
  /** The count of two people, all their IDs together, up to `enough` or `Infinity`; 0 when they were never seen together. */
  frames(a: PersonId, b: PersonId): number
  /** The people seen with the person `id`, each with the frames. */
  with(id: PersonId): ReadonlyMap<PersonId, number>
  /** The people with a cannot-link to the person `id`. */
  apartFrom(id: PersonId): PersonId[]
  /** What was counted of this ID alone, by the other ID, whoever has the two now. */
  of(id: PersonId): ReadonlyMap<PersonId, number>
  /** Drops every pair with one of these IDs. */
  remove(ids: readonly PersonId[]): void
  /** The pairs of IDs that have changed since the last call; 0 frames stands for a dropped pair. */
  takeChanged(): Apart[]
}

/**
 * `enough` frames are a cannot-link (`identity.cannotLinkFrames`); counting stops there. `ids` say whose an ID is.
 */
export const createCoOccurrence = (enough: number, ids: Pick<PersonIds, 'resolve' | 'aliasesOf'>): CoOccurrence => {
  const counts = new Map<PersonId, Map<PersonId, number>>()
  const changed = new Map<string, Apart>()
  const none: ReadonlyMap<PersonId, number> = new Map()

  const of = (id: PersonId): ReadonlyMap<PersonId, number> => counts.get(id) ?? none
  const set = (a: PersonId, b: PersonId, frames: number): void => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const row = counts.get(one) ?? new Map<PersonId, number>()
      counts.set(one, row)
      if (frames > 0) row.set(other, frames)
      else row.delete(other)
      if (row.size === 0) counts.delete(one)
    }
    const [first, second] = a < b ? [a, b] : [b, a]
    changed.set(`${first} ${second}`, [first, second, frames])
  }
  const sum = (before: number, more: number): number =>
    more === Infinity ? Infinity : Math.min(before + more, Math.max(before, enough))
  const idsOf = (id: PersonId): PersonId[] => [id, ...ids.aliasesOf(id)]
  const seenWith = (id: PersonId): ReadonlyMap<PersonId, number> => {
    const found = new Map<PersonId, number>()
    for (const own of idsOf(id))
      for (const [other, frames] of of(own)) {
        const person = ids.resolve(other)
        if (person !== id) found.set(person, sum(found.get(person) ?? 0, frames))
      }
    return found
  }

  return {
    add(a, b, more) {
      const before = of(a).get(b) ?? 0
      const now = sum(before, more)
      if (a !== b && now !== before) set(a, b, now)
    },
    set,
    frames(a, b) {
      const rows = idsOf(a).flatMap((own) => counts.get(own) ?? [])
      // Most were never seen with anybody; the second look asks for all pairs with a person.
      if (rows.length === 0) return 0
      let frames = 0
      for (const other of idsOf(b)) for (const row of rows) frames = sum(frames, row.get(other) ?? 0)
      return frames
    },
    with: seenWith,
    apartFrom: (id) => [...seenWith(id)].flatMap(([other, frames]) => (frames >= enough ? other : [])),
    of,
    remove(gone) {
      for (const id of gone) for (const other of of(id).keys()) set(id, other, 0)
    },
    takeChanged() {
      const taken = [...changed.values()]
      changed.clear()
      return taken
    },
  }
}
