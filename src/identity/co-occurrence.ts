import type { PersonId } from '../types.ts'
import type { Apart } from './state.ts'

/** In how many frames two people were both visible: they cannot be one. */
export interface CoOccurrence {
  /** `Infinity` when somebody said that they are not the same. */
  add(a: PersonId, b: PersonId, frames: number): void
  frames(a: PersonId, b: PersonId): number
  /** What two counts are together. */
  sum(a: number, b: number): number
  /** Everybody who was seen with `id`, and in how many frames. */
  with(id: PersonId): Iterable<readonly [PersonId, number]>
  /** Everybody of whom it is certain that `id` is somebody else. */
  apartFrom(id: PersonId): PersonId[]
  /** After a merge everything said of `from` is said of `into`. */
  merge(from: PersonId, into: PersonId): void
  remove(id: PersonId): void
  /** Takes back what somebody said. */
  lift(a: PersonId, b: PersonId): void
  /** What has changed since the last call. */
  takeChanged(): Apart[]
}

/** Counts no further than `enough`, from which on it is certain. */
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
