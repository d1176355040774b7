import type { RollcallEvent } from '../../../src/events/types.ts'
import type { Person, PersonId } from '../../../src/types.ts'
import { shortId } from '../ui/person-look.ts'

/** The people as the server last told them, and under which IDs. */
export interface KnownPeople {
  readonly all: () => readonly Person[]
  /** A person by ID, also by one from before a merge. */
  readonly person: (id: PersonId) => Person | undefined
  /** The ID that stands for this one now. */
  readonly resolve: (id: PersonId) => PersonId
  /** A person's name; without one the end of the ID. */
  readonly nameOf: (id: PersonId) => string
  readonly reset: (people: readonly Person[]) => void
  /** Replaces the IDs from before merges, and what each leads to. */
  readonly resetAliases: (aliases: Readonly<Record<PersonId, PersonId>>) => void
  readonly apply: (event: RollcallEvent) => void
}

/** A chain of merges is never this long: then it is a circle. */
const longestChain = 100

/** Nobody yet. `onGone` is called with an ID that stands for nobody any more. */
export const createKnownPeople = (onGone: (id: PersonId) => void): KnownPeople => {
  const people = new Map<PersonId, Person>()
  const aliases = new Map<PersonId, PersonId>()
  const resolve = (id: PersonId): PersonId => {
    let [at, steps] = [id, 0]
    for (let next = aliases.get(at); next !== undefined && steps < longestChain; next = aliases.get(at)) {
      at = next
      steps += 1
    }
    return at
  }
  const forget = (id: PersonId): void => {
    people.delete(id)
    onGone(id)
  }
  /** Whoever is deleted is deleted under all IDs. */
  const forgetAliases = (id: PersonId): void => {
    const gone = [...aliases.keys()].filter((alias) => resolve(alias) === id)
    for (const alias of gone) aliases.delete(alias)
  }
  return {
    all: () => [...people.values()],
    person: (id) => people.get(resolve(id)),
    resolve,
    nameOf: (id) => people.get(resolve(id))?.name ?? shortId(resolve(id)),
    reset(all) {
      people.clear()
      for (const person of all) people.set(person.id, person)
    },
    resetAliases(all) {
      aliases.clear()
      for (const [id, into] of Object.entries(all)) aliases.set(id, into)
    },
    apply(event) {
      switch (event.type) {
        case 'rollcall.person.created.v1':
        case 'rollcall.person.named.v1':
        case 'rollcall.person.restored.v1': {
          const { person, name } = event.data
          aliases.delete(person)
          const at = Date.parse(event.time)
          const lastCamera = 'camera' in event.data ? (event.data.camera ?? '') : ''
          const fresh = { id: person, createdAtMs: at, lastSeenAtMs: at, lastCamera, tracks: 0, faces: 0 }
          people.set(person, { ...(people.get(person) ?? fresh), name, archived: false })
          break
        }
        case 'rollcall.person.merged.v1':
          aliases.set(event.data.person, event.data.into)
          forget(event.data.person)
          break
        case 'rollcall.person.unmerged.v1':
          aliases.delete(event.data.person)
          break
        case 'rollcall.person.deleted.v1':
          forgetAliases(event.data.person)
          forget(event.data.person)
          break
        default:
      }
    },
  }
}
