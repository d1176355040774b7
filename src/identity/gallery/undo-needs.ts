import { RollcallError } from '../../errors.ts'
import type { PersonId } from '../../types.ts'
import type { HeldTrack } from '../clustering/taking-back.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'

/** The error of an act that later changes do not allow to take back. */
export const late = (why: string): RollcallError =>
  new RollcallError('PERSON_CONFLICT', `it cannot be undone any more: ${why}`, {
    remedy: 'Undo what came later first, or change the people as they are now.',
  })

/** What must hold for an act to be taken back. Each throws PERSON_CONFLICT, with the reason, where it does not. */
export interface UndoNeeds {
  /** The person of an ID that is no alias. */
  readonly needOwn: (id: PersonId) => PersonRecord
  /** Whom `id` is to be an alias of again; a name that it has got since would be lost. */
  readonly needInto: (person: PersonRecord, into: PersonId) => PersonRecord
  /** The tracks go back to the person under the IDs that they came under: these must be the person's. */
  readonly needIdsOf: (person: PersonRecord, tracks: readonly HeldTrack[]) => void
}

/** Checks against the people as they are now. */
export const undoNeeds = (people: Pick<People, 'find'>): UndoNeeds => ({
  needOwn(id) {
    const person = people.find(id)
    if (!person) throw late(`${id} was deleted`)
    if (person.id !== id) throw late(`${id} is ${person.id} since`)
    return person
  },
  needInto(person, into) {
    const other = people.find(into)
    if (!other) throw late(`${into} was deleted`)
    if (other === person) throw late(`${person.id} and ${into} are one person already`)
    if (person.name !== null && person.name !== other.name)
      throw late(`${person.id} is named ${JSON.stringify(person.name)} now`)
    return other
  },
  needIdsOf(person, tracks) {
    const lost = tracks.find(({ as }) => people.find(as) !== person)
    if (lost) throw late(`${lost.as} is somebody else since, under which track ${lost.track} came`)
  },
})
