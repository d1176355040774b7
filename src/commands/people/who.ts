import { RollcallError } from '../../errors.ts'
import { cleanName } from '../../text.ts'
import type { Person, PersonId } from '../../types.ts'
import type { PeopleClient } from './client.ts'

/** Fewer characters of an ID name nobody. */
const leastShort = 4

const oneOf = (found: readonly Person[], what: string): PersonId => {
  const [one, ...others] = found
  if (one && others.length === 0) return one.id
  throw new RollcallError(
    'PERSON_CONFLICT',
    `${found.length} people ${what}: ${found.map(({ id }) => id).join(', ')}`,
    {
      remedy: 'Name one by its whole ID.',
    },
  )
}

const withId = (people: readonly Person[], word: string): PersonId => {
  if (people.some(({ id }) => id === word) || word.length < leastShort) return word
  const alike = people.filter(({ id }) => id.startsWith(word) || id.endsWith(word))
  // It may be an alias, which the list does not have.
  return alike.length === 0 ? word : oneOf(alike, `have an ID that begins or ends with ${JSON.stringify(word)}`)
}

/**
 * The person whose ID is `word`, or begins or ends with it, as the viewer shows IDs; `word` itself when there is none.
 * Throws PERSON_CONFLICT when there are several.
 */
export const personWithId = async (client: PeopleClient, word: string): Promise<PersonId> =>
  withId(await client.list(), word)

/** The same, or a name that one person has. Throws PERSON_CONFLICT. */
export const personNamed = async (client: PeopleClient, word: string): Promise<PersonId> => {
  const people = await client.list()
  if (people.some(({ id }) => id === word)) return word
  const wanted = cleanName(word)
  const named = people.filter(({ name }) => name !== null && name === wanted)
  return named.length === 0 ? withId(people, word) : oneOf(named, `are named ${JSON.stringify(word)}`)
}
