import type { PersonId } from '../../types.ts'
import type { Apart } from '../state/state.ts'

/** Counts the frames that show two people together. Enough of them are a cannot-link: the two are never merged. */
export interface CoOccurrence {
  /** Adds frames to a pair. `Infinity` records that somebody said the two differ. */
  add(a: PersonId, b: PersonId, frames: number): void
  /** The count of a pair; 0 when they were never seen together. */
  frames(a: PersonId, b: PersonId): number
  /** Adds two counts as `add` does: up to `enough`, or `Infinity`. */
  sum(a: number, b: number): number
  /** The people seen with `id`, each with the frames. */
  with(id: PersonId): Iterable<readonly [PersonId, number]>
  /** The people with a cannot-link to `id`. */
  apartFrom(id: PersonId): PersonId[]
  /** Moves the counts of `from` to `into`, after a merge. */
  merge(from: PersonId, into: PersonId): void
  /** Drops every pair with `id`. */
  remove(id: PersonId): void
  /** Sets a pair back to 0. */
  lift(a: PersonId, b: PersonId): void
  /** The pairs that have changed since the last call; 0 frames stands for a dropped pair. */
  takeChanged(): Apart[]
}

/** `enough` frames are a cannot-link (`identity.cannotLinkFrames`); counting stops there. */
export const createCoOccurrence = (enough: number): CoOccurrence => {
  const counts = new Map<PersonId, Map<PersonId, number>>()
  const changed = new Map<string, Apart>()
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
  const frames = (a: PersonId, b: PersonId): number => counts.get(a)?.get(b) ?? 0
  const sum = (before: number, more: number): number =>
    more === Infinity ? Infinity : Math.min(before + more, Math.max(before, enough))
  const add = (a: PersonId, b: PersonId, more: number): void => {
    const before = frames(a, b)
    const now = sum(before, more)
    if (a !== b && now !== before) set(a, b, now)
  }
  const remove = (id: PersonId): void => {
    for (const other of counts.get(id)?.keys() ?? []) set(id, other, 0)
  }
  return {
    add,
    frames,
    sum,
    with: (id) => counts.get(id) ?? [],
    apartFrom: (id) => [...(counts.get(id) ?? [])].flatMap(([other, count]) => (count >= enough ? other : [])),
    merge(from, into) {
      for (const [other, count] of counts.get(from) ?? []) if (other !== into) add(into, other, count)
      remove(from)
    },
    remove,
    lift: (a, b) => set(a, b, 0),
    takeChanged() {
      const taken = [...changed.values()]
      changed.clear()
      return taken
    },
  }
}
