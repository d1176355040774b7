import type { CameraId, PersonId } from '../../types.ts'
import type { Snapshot, Subscribe } from './protocol.ts'
import type { BufferedEvent } from './replay-buffer.ts'

/** Which events and which part of a snapshot one client gets. */
export interface Subscription {
  /** Whether it wants every event. */
  readonly isWhole: boolean
  /** Must be called once for each event, in order: it follows the people that were asked for over merges and back. */
  wants(entry: BufferedEvent): boolean
  /** Leaves out cameras and people that were not asked for; returns the same object when all is asked for. */
  cut(snapshot: Snapshot): Snapshot
}

/**
 * An event has to pass every part of the message. An event that names no camera passes `cameras`, and one that is never about
 * people passes `people`. A frame is about the people of its faces, who may be none. `resolve` gives who an ID stands for
 * after merges.
 */
export const createSubscription = (message: Subscribe, resolve: (id: PersonId) => PersonId): Subscription => {
  const topics = message.topics && new Set(message.topics)
  const types = message.types && new Set<string>(message.types)
  const cameras = message.cameras && new Set(message.cameras)
  const people = message.people && createFollowed(message.people, resolve)

  const concerns = ({ people: named, type }: BufferedEvent): boolean => {
    if (people === undefined || named === null) return true
    const isWanted = named.some(people.has)
    const [person, other] = named
    if (person !== undefined && other !== undefined && type === 'rollcall.person.merged.v1')
      people.merged(person, other)
    if (person !== undefined && type === 'rollcall.person.unmerged.v1') people.unmerged(person)
    return isWanted
  }

  return {
    isWhole: topics === undefined && types === undefined && cameras === undefined && people === undefined,
    wants: (entry) =>
      concerns(entry) &&
      (topics === undefined || topics.has(entry.topic)) &&
      (types === undefined || types.has(entry.type)) &&
      (cameras === undefined || entry.camera === null || cameras.has(entry.camera)),
    cut: (snapshot) => {
      if (cameras === undefined && people === undefined) return snapshot
      const isOn = ({ camera }: { readonly camera: CameraId }): boolean => cameras?.has(camera) ?? true
      const isAbout = (id: PersonId): boolean => people?.has(id) ?? true
      return {
        cameras: snapshot.cameras.filter(isOn),
        people: snapshot.people.filter(({ id }) => isAbout(id)),
        aliases: Object.fromEntries(Object.entries(snapshot.aliases).filter(([, person]) => isAbout(person))),
        sightings: snapshot.sightings.filter((sighting) => isOn(sighting) && isAbout(sighting.person)),
      }
    },
  }
}

/** Who is meant by the IDs that were asked for: they, and whom they stand for. */
const createFollowed = (asked: readonly PersonId[], resolve: (id: PersonId) => PersonId) => {
  /** Whom an ID stands for, or the next one on the way there. */
  const into = new Map<PersonId, PersonId>()
  const ids = new Set<PersonId>()
  const follow = (): void => {
    ids.clear()
    // Old IDs stay wanted, because events that are resumed still name them.
    for (const first of asked)
      for (let id: PersonId | undefined = first; id && !ids.has(id); id = into.get(id)) ids.add(id)
  }
  const lookUp = (): void => {
    for (const id of asked) if (resolve(id) !== id) into.set(id, resolve(id))
    follow()
  }
  lookUp()
  return {
    has: (id: PersonId): boolean => ids.has(id),
    merged: (person: PersonId, other: PersonId): void => {
      if (!ids.has(person)) return
      into.set(person, other)
      follow()
    },
    unmerged: (person: PersonId): void => {
      if (!ids.has(person) && into.size === 0) return
      into.delete(person)
      // A merge from before the subscription may have led over this person.
      lookUp()
    },
  }
}
