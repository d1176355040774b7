import type { RollcallEvent } from '../events/types.ts'
import type { PersonId, TrackId } from '../types.ts'

/** Follows events, and says whose a track is by them: who it was assigned to last, by the name that merges left. */
export const createLiveIds = () => {
  const assigned = new Map<TrackId, PersonId>()
  const into = new Map<PersonId, PersonId>()
  const created = new Set<PersonId>()
  const resolve = (person: PersonId): PersonId => {
    let id = person
    for (let next = into.get(id); next !== undefined; next = into.get(id)) id = next
    return id
  }
  return {
    saw: (events: readonly RollcallEvent[]): void => {
      for (const { type, data } of events) {
        if (type === 'rollcall.track.assigned.v1' || type === 'rollcall.track.reassigned.v1')
          assigned.set(data.track, data.person)
        else if (type === 'rollcall.person.merged.v1') into.set(data.person, data.into)
        else if (type === 'rollcall.person.created.v1') created.add(data.person)
      }
    },
    /** Null for a track that was never assigned. */
    personOf: (track: TrackId): PersonId | null => {
      const person = assigned.get(track)
      return person === undefined ? null : resolve(person)
    },
    /** Whether the ID was given to anybody, also to somebody who was merged into another. */
    isTaken: (person: PersonId): boolean => created.has(person),
    /** How many people there are after all merges. */
    people: (): number => created.size - into.size,
  }
}
