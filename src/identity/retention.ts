import type { RollcallEvent, WallMs } from '../types.ts'
import type { DeletePerson } from './deletion.ts'
import type { Events } from './events.ts'
import type { IdentityOptions } from './options.ts'
import type { People } from './people.ts'
import type { PersonRecord } from './person-record.ts'
import type { StateChanges } from './state-changes.ts'
import type { Teller } from './tell.ts'

export interface RetentionParts {
  readonly people: People
  readonly events: Events
  readonly teller: Teller
  readonly state: StateChanges
  readonly options: Pick<IdentityOptions, 'archiveAfterDays' | 'deleteAfterDays' | 'sightingDays'>
  readonly deletePerson: DeletePerson
}

const dayMs = 86_400_000

/**
 * The rule of retention: archives and deletes whom nobody has named and no camera has seen for long, drops old sightings.
 * `nowMs` must be a
 * time that is believed (`SteadyClock`), whatever cameras and files say: who was seen since the last call is unseen from
 * `nowMs` on. A time that lies ahead comes from a clock that was wrong, and is taken back to `nowMs`.
 */
export const createRetention = (parts: RetentionParts): ((nowMs: WallMs) => RollcallEvent[]) => {
  const { people, events, teller, state, options, deletePerson } = parts
  const { archiveAfterDays, deleteAfterDays, sightingDays } = options

  const lookAtClock = (person: PersonRecord, nowMs: WallMs): number => {
    if (person.unseenSinceMs === null || person.unseenSinceMs > nowMs) {
      person.unseenSinceMs = nowMs
      people.touch(person)
    }
    return nowMs - person.unseenSinceMs
  }

  return (nowMs) => {
    state.believe(nowMs)
    if (sightingDays !== null) state.keepSightingsFrom(nowMs - sightingDays * dayMs)
    const told: RollcallEvent[] = []
    for (const person of people.all()) {
      const unseenMs = lookAtClock(person, nowMs)
      if (person.name !== null || person.contributions.size > 0) continue
      if (deleteAfterDays !== null && unseenMs > deleteAfterDays * dayMs) {
        for (const event of deletePerson(person, 'retention', nowMs)) told.push(event)
      } else if (archiveAfterDays !== null && !person.archived && unseenMs > archiveAfterDays * dayMs) {
        person.archived = true
        people.touch(person)
        for (const event of teller.log([events.archived(person, person.lastSeenAtMs, nowMs)])) told.push(event)
      }
    }
    return told
  }
}
