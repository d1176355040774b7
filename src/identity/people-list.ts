import type { PersonId } from '../types.ts'
import { knownBy } from './exemplars.ts'
import type { PeopleIndex } from './people-index.ts'
import type { PersonRecord } from './person-record.ts'

/** Everybody who is somebody of their own now, in the order of creation, and who of them has changed. */
export interface PeopleList {
  get(id: PersonId): PersonRecord | undefined
  add(person: PersonRecord): void
  remove(person: PersonRecord): void
  all(): readonly PersonRecord[]
  /** Those with whom others were merged: few, also where there are many people. */
  merged(): ReadonlySet<PersonRecord>
  count(): number
  /** The person's looks have changed, or who was merged with it. */
  refresh(person: PersonRecord): void
  /** Something else about the person has changed: its name, or when it was seen. */
  touch(person: PersonRecord): void
  /** Who has changed since the last call. */
  takeChanged(): Set<PersonRecord>
}

/** Starts empty. */
export const createPeopleList = (index: PeopleIndex): PeopleList => {
  const alive = new Map<PersonId, PersonRecord>()
  const merged = new Set<PersonRecord>()
  let newest = -1
  let changed = new Set<PersonRecord>()

  return {
    get: (id) => alive.get(id),
    add(person) {
      alive.set(person.id, person)
      changed.add(person)
      // Whose merge was taken back is older than the newest.
      if (person.order < newest) {
        const sorted = [...alive.values()].sort((a, b) => a.order - b.order)
        alive.clear()
        for (const one of sorted) alive.set(one.id, one)
      }
      newest = Math.max(newest, person.order)
    },
    remove(person) {
      alive.delete(person.id)
      merged.delete(person)
      index.remove(person)
      changed.delete(person)
    },
    all: () => [...alive.values()],
    merged: () => merged,
    count: () => alive.size,
    refresh(person) {
      person.known = knownBy([...person.exemplars, ...person.contributions.values()])
      changed.add(person)
      if (person.origins.length > 0) merged.add(person)
      else merged.delete(person)
      index.put(person)
    },
    touch: (person) => void changed.add(person),
    takeChanged() {
      const taken = changed
      changed = new Set()
      return taken
    },
  }
}
