import type { ParseArgsOptionsConfig } from 'node:util'
import { RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import { personName } from '../../server/people-bodies.ts'
import { parseWords } from '../arguments.ts'
import type { PeopleClient } from './client.ts'
import { openClient, type Where } from './open-client.ts'
import { eventsText } from './print.ts'

const options = {
  url: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
  models: { type: 'string' },
  force: { type: 'boolean', default: false },
  track: { type: 'string', multiple: true, default: [] as string[] },
  sighting: { type: 'string', multiple: true, default: [] as string[] },
  yes: { type: 'boolean', short: 'y', default: false },
  today: { type: 'boolean', default: false },
  folder: { type: 'string' },
  since: { type: 'string' },
  photo: { type: 'string', multiple: true, default: [] as string[] },
  note: { type: 'string' },
  'without-code': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig

/** What to do about wrong words. */
export const remedy = 'see rollcall people --help'

/** The words and options of the command line. Throws USAGE. */
export const parsed = (args: readonly string[]) => parseWords('people', args, options)
/** The options that were given. */
export type Values = ReturnType<typeof parsed>['values']

/** One call of a verb. */
export interface Call {
  readonly words: readonly string[]
  readonly values: Values
  readonly where: Where
}

/** Resolves to the exit code. */
export type Verb = (call: Call) => Promise<number>

/** Prints the result as JSON or as text. Returns exit code 0. */
export const print = ({ values }: Call, result: unknown, text: () => string): number => {
  console.log(values.json ? JSON.stringify(result) : text())
  return 0
}

/** Opens the people of the call, works with them, and closes them. */
export const withClient = async <Result>(
  { where }: Call,
  work: (client: PeopleClient) => Promise<Result>,
): Promise<Result> => {
  const client = await openClient(where)
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** A verb that changes people: its result is the events. `otherwise` is the text when there is nothing to tell. */
export const changing =
  (
    change: (client: PeopleClient, words: readonly string[], values: Values) => Promise<readonly RollcallEvent[]>,
    otherwise: string,
  ): Verb =>
  async (call) => {
    const events = await withClient(call, (client) => change(client, call.words, call.values))
    return print(call, { events }, () => eventsText(events, otherwise))
  }

/** The name that was typed. Throws USAGE when it cannot be one. */
export const nameFrom = (text: string): string => {
  const result = personName.safeParse(text)
  if (result.success) return result.data
  throw new RollcallError('USAGE', `NAME: ${result.error.issues.map(({ message }) => message).join('; ')}`, { remedy })
}
