import type { CameraId, PersonId } from '../../types.ts'
import type { Snapshot, Subscribe } from './protocol.ts'
import type { BufferedEvent } from './replay-buffer.ts'

/** Which events and which part of a snapshot one client gets. */
export interface Subscription {
  /** Whether it wants every event. */
  readonly isWhole: boolean
  /** Must be called once for each event, in order: it follows the people that were asked for over merges. */
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
  // The old ID of a merged person stays wanted too, because events that are resumed still name it.
  const people = message.people && new Set<PersonId>(message.people.flatMap((id) => [id, resolve(id)]))

  const concerns = ({ people: named, type }: BufferedEvent): boolean => {
    if (people === undefined || named === null) return true
    const isWanted = named.some((person) => people.has(person))
    // Later events name the ID that the person was merged into.
    if (isWanted && type === 'rollcall.person.merged.v1') for (const person of named) people.add(person)
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
