import { RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import type { PersonId, WallMs } from '../../types.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import type { Events } from '../events/events.ts'
import type { Teller } from '../events/tell.ts'
import type { Objectors } from '../objectors/objectors.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { Compare, Known } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { SettledTracks } from '../state/settled-tracks.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import type { DeletePerson } from './deletion.ts'

/** What the actions read and change; all are shared with the rest of the engine. */
export interface GalleryParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly events: Events
  readonly compare: Compare
  readonly options: IdentityOptions
  readonly tracklets: Pick<Tracklets, 'of' | 'all'>
  readonly settled: Pick<SettledTracks, 'ofTrack'>
  readonly objectors: Pick<Objectors, 'scoreOf'>
  readonly teller: Teller
  readonly deletePerson: DeletePerson
}

/** The error of an action that contradicts what is known. */
export const conflict = (message: string, remedy: string, details?: object): RollcallError =>
  new RollcallError('PERSON_CONFLICT', message, { remedy, details })

/** Throws PERSON_CONFLICT for the look of somebody who is never to be recognised. `what` names it. */
export const refuseObjector = (
  { objectors, options }: Pick<GalleryParts, 'objectors' | 'options'>,
  look: Known | null,
  what: string,
): void => {
  if (look && objectors.scoreOf(look) >= options.join)
    throw conflict(`${what} looks like somebody who objected to being recognised`, 'Leave it out, or ask the objector.')
}

/** The person of an ID or alias. Throws PERSON_UNKNOWN. */
export const needPerson = (people: Pick<People, 'find'>, id: PersonId): PersonRecord => {
  const person = people.find(id)
  if (person) return person
  throw new RollcallError('PERSON_UNKNOWN', `there is no person ${JSON.stringify(id)}`, {
    remedy: 'rollcall people list shows who there is; deleted people are gone for good.',
  })
}

/** Two different people. Throws PERSON_UNKNOWN, and PERSON_CONFLICT for two IDs of one person. */
export const needTwo = (people: Pick<People, 'find'>, a: PersonId, b: PersonId): [PersonRecord, PersonRecord] => {
  const two: [PersonRecord, PersonRecord] = [needPerson(people, a), needPerson(people, b)]
  if (two[0] === two[1]) throw conflict(`${a} and ${b} are the same person already`, 'Name two different people.')
  return two
}

/** Sets a name that is clean, or takes it away. Returns the event; none when the name stays. */
export const rename = (
  { people, events, teller }: Pick<GalleryParts, 'people' | 'events' | 'teller'>,
  person: PersonRecord,
  name: string | null,
  atMs: WallMs,
): RollcallEvent[] => {
  if (person.name === name) return []
  const before = person.name
  person.name = name
  people.touch(person)
  return teller.log([events.named(person, before, atMs)])
}
