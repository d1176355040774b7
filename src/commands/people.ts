import { RollcallError } from '../errors.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { configure, named } from './arguments.ts'
import { parsed, remedy } from './people/call.ts'
import { help } from './people/help.ts'
import type { Where } from './people/open-client.ts'
import { verbs } from './people/verbs.ts'

/** Options of one verb alone. */
const ownOptions = [
  ['today', 'show'],
  ['folder', 'enroll'],
  ['since', 'search'],
  ['photo', 'never'],
  ['note', 'never'],
  ['without-code', 'revoke'],
] as const

/**
 * Runs one verb on the people of a site. Resolves to its exit code; throws USAGE, STATE, PERSON_UNKNOWN and
 * PERSON_CONFLICT.
 */
export const people = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parsed(args)
  const [name, ...words] = positionals
  if (name === undefined || values.help) {
    console.log(help)
    return values.help ? 0 : 2
  }
  const verb = named('people command', name, verbs, remedy)
  const [fewest, most] = verb.words
  if (words.length < fewest || words.length > most)
    throw new RollcallError('USAGE', `people ${name} takes ${verb.takes}, found ${words.length} words`, { remedy })
  for (const [option, owner] of ownOptions) {
    const value = values[option]
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false
    if (isGiven && name !== owner)
      throw new RollcallError('USAGE', `people ${name} takes no --${option}; people ${owner} does`, { remedy })
  }
  const config = configure(values, process.env)
  const where: Where = {
    config,
    url: values.url,
    // A Rollcall that is asked by its URL needs none here.
    stateDirectory: values.url === undefined ? stateDirectoryOf(config, { untilEnd: false, env: process.env }) : null,
    token: process.env.ROLLCALL_TOKEN || null,
  }
  return verb.run({ words, values, where })
}
