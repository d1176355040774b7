import type { PersonId } from '../../types.ts'
import type { Snapshot, Subscribe } from './protocol.ts'
import type { BufferedEvent } from './replay-buffer.ts'

export interface Subscription {
  /** Whether it wants every event. */
  readonly isWhole: boolean
  /** Called once for each event, in order: a person that is asked for is followed over its merges. */
  wants(entry: BufferedEvent): boolean
  cut(snapshot: Snapshot): Snapshot
}

/**
 * What one client asked for. Each part judges only what an event names: an event that names no camera passes the
 * cameras, one that is about no person passes the people; a frame is about those in its faces, maybe nobody. `resolve` gives who
 * somebody was merged into.
 */
export const createSubscription = (message: Subscribe, resolve: (id: PersonId) => PersonId): Subscription => {
  const topics = message.topics && new Set(message.topics)
  const types = message.types && new Set<string>(message.types)
  const cameras = message.cameras && new Set(message.cameras)
  // An old ID of somebody who was merged stays wanted too: events that are resumed still name it.
  const people = message.people && new Set<PersonId>(message.people.flatMap((id) => [id, resolve(id)]))

  const concerns = ({ people: named, type }: BufferedEvent): boolean => {
    if (people === undefined || named === null) return true
    const isWanted = named.some((person) => people.has(person))
    // From now on events name the person it was merged into.
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
    cut: (snapshot) => ({
      cameras: cameras ? snapshot.cameras.filter(({ camera }) => cameras.has(camera)) : snapshot.cameras,
      people: people ? snapshot.people.filter(({ id }) => people.has(id)) : snapshot.people,
    }),
  }
}
