import type { RollcallEvent } from '../events/types.ts'
import type { PersonId } from '../types.ts'
import { joined, type Visit, withoutTrack } from './visit.ts'
import { keyOf, type Visits } from './visits.ts'

/** Calls `change` with what each rule knows of a person. */
export type OfPerson = (person: PersonId, change: (key: string, visit: Visit, rule: string) => void) => void

/** What events say of visits that were known otherwise: of deleted people nothing stays. */
export const createCorrections =
  (visits: Visits, ofPerson: OfPerson) =>
  (event: RollcallEvent): void => {
    const forget = (key: string): void => visits.set(key, null)
    if (event.type === 'rollcall.person.deleted.v1') ofPerson(event.data.person, forget)
    else if (event.type === 'rollcall.person.merged.v1') {
      const { person, into } = event.data
      ofPerson(person, (key, visit, rule) => {
        const other = visits.get(keyOf(rule, into))
        visits.set(keyOf(rule, into), other ? joined(visit, other) : visit)
        forget(key)
      })
    } else if (event.type === 'rollcall.track.reassigned.v1') {
      const { before, track } = event.data
      ofPerson(before, (key, visit) => visits.set(key, withoutTrack(visit, track)))
    }
  }
