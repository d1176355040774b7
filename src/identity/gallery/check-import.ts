import { RollcallError } from '../../errors.ts'
import type { PersonId } from '../../types.ts'
import type { People } from '../people/people.ts'
import type { ExportedPerson } from './exported-person.ts'

const conflict = (message: string, remedy: string): RollcallError =>
  new RollcallError('PERSON_CONFLICT', message, { remedy })

type KnownIds = Pick<People, 'find' | 'resolve' | 'isRetired'>

/** Checks that each ID belongs to one person, and that a new person's IDs are free here. Throws PERSON_CONFLICT. */
export const checkImport = (imported: readonly ExportedPerson[], people: KnownIds): void => {
  const seen = new Set<PersonId>()
  for (const person of imported) {
    checkIds(person, seen, people)
    checkAliases(person)
  }
}

const checkIds = ({ id, aliases }: ExportedPerson, seen: Set<PersonId>, people: KnownIds): void => {
  for (const one of [id, ...aliases.map((alias) => alias.id)]) {
    if (seen.has(one)) throw conflict(`${one} is there twice`, 'Leave one of them out of the import.')
    seen.add(one)
    if (people.isRetired(one))
      throw conflict(`${one} was deleted here, and its ID is never given again`, 'Leave it out of the import.')
    if (!people.find(id) && people.find(one))
      throw conflict(
        `${one} is ${people.resolve(one)} here, and a former ID of ${id} in the import`,
        `Leave ${id} out of the import, or enroll it.`,
      )
  }
}

/** Each alias must lead to the person or to a later alias, and what an unmerge gives back must be taken from looks that are there. */
const checkAliases = ({ id, aliases }: ExportedPerson): void => {
  const remedy = 'Export the people again, or leave that one out.'
  const [later, withLooks] = [new Set([id]), new Set([id])]
  for (const { id: former, into, origin } of aliases.toReversed()) {
    if (!later.has(into)) throw conflict(`${former} leads to ${into}, which is no ID of ${id}`, remedy)
    // An unmerge of `former` would leave `into` without looks.
    if (origin && !withLooks.has(into)) throw conflict(`${former} has an origin, but ${into} has none`, remedy)
    later.add(former)
    if (origin) withLooks.add(former)
  }
}
