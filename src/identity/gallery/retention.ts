import type { RollcallEvent } from '../../events/types.ts'
import type { WallMs } from '../../types.ts'
import type { Events } from '../events/events.ts'
import type { Teller } from '../events/tell.ts'
import type { IdentityOptions } from '../options.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { StateChanges } from '../state/state-changes.ts'
import type { DeletePerson } from './deletion.ts'

/** What retention reads and changes. Null days archive, delete or drop nothing. */
export interface RetentionParts {
  readonly people: People
  readonly events: Events
  readonly teller: Teller
  readonly state: StateChanges
  readonly options: Pick<IdentityOptions, 'archiveAfterDays' | 'deleteAfterDays' | 'sightingDays' | 'unassignedDays'>
  readonly deletePerson: DeletePerson
}

const dayMs = 86_400_000

/**
 * Returns a function that archives and deletes unnamed people whom no camera has seen for long, and drops old sightings and tracks.
 * `nowMs` must be a wall time that is believed (`SteadyClock`); cameras' and files' times do not count. A person seen since
 * the last call is unseen from `nowMs` on. A time ahead of `nowMs` came from a wrong clock and becomes `nowMs`.
 */
export const createRetention = (parts: RetentionParts): ((nowMs: WallMs) => RollcallEvent[]) => {
  const { people, events, teller, state, options, deletePerson } = parts
  const { archiveAfterDays, deleteAfterDays, sightingDays, unassignedDays } = options

  /** Milliseconds since the person was last seen, by wall time. */
  const unseenFor = (person: PersonRecord, nowMs: WallMs): number => {
    if (person.unseenSinceMs === null || person.unseenSinceMs > nowMs) {
      person.unseenSinceMs = nowMs
      people.touch(person)
    }
    return nowMs - person.unseenSinceMs
  }

  return (nowMs) => {
    state.believe(nowMs)
    if (sightingDays !== null) state.keepSightingsFrom(nowMs - sightingDays * dayMs)
    // Without days none is kept, also none of an earlier run.
    state.keepUnassignedFrom(unassignedDays === null ? Infinity : nowMs - unassignedDays * dayMs)
    const published: RollcallEvent[] = []
    for (const person of people.all()) {
      const unseenMs = unseenFor(person, nowMs)
      if (person.name !== null || person.contributions.size > 0) continue
      if (deleteAfterDays !== null && unseenMs > deleteAfterDays * dayMs) {
        for (const event of deletePerson(person, 'retention', nowMs)) published.push(event)
      } else if (archiveAfterDays !== null && !person.archived && unseenMs > archiveAfterDays * dayMs) {
        person.archived = true
        people.touch(person)
        for (const event of teller.log([events.archived(person, person.lastSeenAtMs, nowMs)])) published.push(event)
      }
    }
    return published
  }
}
