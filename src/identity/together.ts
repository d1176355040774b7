import type { PersonRecord } from './people.ts'

/** In how many frames two people were both visible: they cannot be one. */
export interface Together {
  add(a: PersonRecord, b: PersonRecord, frames: number): void
  frames(a: PersonRecord, b: PersonRecord): number
  /** After a merge everything said of `from` is said of `into`. */
  merge(from: PersonRecord, into: PersonRecord): void
}

export const createTogether = (): Together => {
  const counts = new Map<PersonRecord, Map<PersonRecord, number>>()
  const of = (person: PersonRecord): Map<PersonRecord, number> => {
    const row = counts.get(person) ?? new Map<PersonRecord, number>()
    counts.set(person, row)
    return row
  }
  const add = (a: PersonRecord, b: PersonRecord, frames: number): void => {
    if (a === b) return
    of(a).set(b, (of(a).get(b) ?? 0) + frames)
    of(b).set(a, (of(b).get(a) ?? 0) + frames)
  }
  return {
    add,
    frames: (a, b) => counts.get(a)?.get(b) ?? 0,
    merge(from, into) {
      const row = counts.get(from) ?? new Map<PersonRecord, number>()
      counts.delete(from)
      for (const [other, frames] of row) {
        counts.get(other)?.delete(from)
        add(into, other, frames)
      }
    },
  }
}
