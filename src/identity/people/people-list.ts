import type { PersonId } from '../../types.ts'
import { knownBy } from './exemplars.ts'
import type { PeopleIndex } from './people-index.ts'
import type { PersonRecord } from './person-record.ts'

/** The people that exist, archived ones included, in the order of creation. Aliases are not in it. */
export interface PeopleList {
  /** By the person's own ID; aliases are not followed. */
  get(id: PersonId): PersonRecord | undefined
  /** Adds a person in the order of creation. */
  add(person: PersonRecord): void
  /** Removes a person who was merged or deleted. */
  remove(person: PersonRecord): void
  /** A copy. */
  all(): readonly PersonRecord[]
  /** The number of people, in constant time. */
  count(): number
  /** Updates all that follows from a person's looks, after they have changed. */
  refresh(person: PersonRecord): void
  /** Marks a person as changed, after any other change. */
  touch(person: PersonRecord): void
  /** The people that have changed since the last call. */
  takeChanged(): Set<PersonRecord>
}

/** Starts empty. Keeps `index` in step. */
export const createPeopleList = (index: PeopleIndex): PeopleList => {
  const alive = new Map<PersonId, PersonRecord>()
  let newest = -1
  let changed = new Set<PersonRecord>()

  return {
    get: (id) => alive.get(id),
    add(person) {
      alive.set(person.id, person)
      changed.add(person)
      // A person that unmerge gives back is older than the newest.
      if (person.order < newest) {
        const sorted = [...alive.values()].sort((a, b) => a.order - b.order)
        alive.clear()
        for (const one of sorted) alive.set(one.id, one)
      }
      newest = Math.max(newest, person.order)
    },
    remove(person) {
      alive.delete(person.id)
      index.remove(person)
      changed.delete(person)
    },
    all: () => [...alive.values()],
    count: () => alive.size,
    refresh(person) {
      person.known = knownBy([...person.exemplars, ...person.contributions.values()])
      changed.add(person)
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
