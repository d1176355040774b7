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
  if (word.length < leastShort) return word
  const alike = people.filter(({ id }) => id.startsWith(word) || id.endsWith(word))
  // It may be an alias, which the list does not have.
  return alike.length === 0 ? word : oneOf(alike, `have an ID that begins or ends with ${JSON.stringify(word)}`)
}

/**
 * The person whom a word means: by an ID, by a name that one person has, or by what one ID begins or ends with, as the viewer shows
 * IDs. The word itself when it is none of these: it may be an old ID. Throws PERSON_CONFLICT when it means several.
 */
export const personFrom = async (client: PeopleClient, word: string): Promise<PersonId> => {
  const people = await client.list()
  if (people.some(({ id }) => id === word)) return word
  const wanted = cleanName(word)
  const named = people.filter(({ name }) => name !== null && name === wanted)
  return named.length === 0 ? withId(people, word) : oneOf(named, `are named ${JSON.stringify(word)}`)
}
