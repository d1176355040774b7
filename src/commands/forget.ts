import { closeSync, openSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { describeDiskError } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import { whoRuns } from '../identity/store/running.ts'
import { replaceFile } from '../replace-file.ts'
import type { Objected } from '../server/people-answers.ts'
import { printable } from '../text.ts'
import { version } from '../version.ts'
import { configure, parseWords } from './arguments.ts'
import { type Marks, type Mentions, mentionsBelow } from './forget/mentions.ts'
import { doubtAbout, type Receipt, readReceipt, signerOf } from './forget/receipt.ts'
import { elsewhere, found, inWords, tombstone, whyLeft } from './forget/words.ts'
import { keptStateOf } from './kept-state.ts'
import type { PeopleClient } from './people/client.ts'
import { objectedText } from './people/objections.ts'
import { openClient } from './people/open-client.ts'
import { personFrom } from './people/who.ts'

const help = `rollcall forget ID|NAME --receipt FILE [--state DIR] [--config FILE]
rollcall forget ID|NAME --never [--note TEXT] --receipt FILE
rollcall forget --verify FILE [--state DIR] [--config FILE]

Deletes a person, then looks for what is left: the person is asked for again, and every file of the state directory is searched
byte for byte for the person's IDs and tracks, before and after. What was found is written to FILE, signed with a key of this
site. --verify says whether a receipt is this site's, and unchanged.

  --never         the same, and never recognises them again: docs/privacy.md. Prints the code that takes it back
  --note TEXT     kept with it, such as the number of a letter; no name
  --receipt FILE  where the receipt goes; it names the ID, and nothing else of the person
  --state DIR     where people are kept (default ~/.local/state/rollcall/SITE)
  --config FILE   the configuration that Rollcall runs with

Run it on the same machine, as the user who runs Rollcall; it may run meanwhile. Tokens come from ROLLCALL_TOKEN (read and operate).
The exit code is 3 when something is left that has to go by itself, such as events that wait for a receiver.`

const options = {
  receipt: { type: 'string' },
  never: { type: 'boolean', default: false },
  note: { type: 'string' },
  verify: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `rollcall forget`. Resolves to the exit code; throws USAGE, STATE and PERSON_UNKNOWN. */
export const forget = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('forget', args, options)
  if (values.help) {
    console.log(help)
    return 0
  }
  const config = configure(values, process.env)
  const state = keptStateOf(config)
  if (values.verify !== undefined) return verify(state, values.verify)
  const [word, more] = positionals
  if (word === undefined || more !== undefined || values.receipt === undefined)
    throw new RollcallError('USAGE', 'rollcall forget: expected one person, and --receipt FILE', {
      remedy: 'see rollcall forget --help',
    })
  const { receipt, objected } = await withPlaceFor(values.receipt, () => forgetting(config, state, word, values))
  replaceFile(resolve(values.receipt), `${JSON.stringify(receipt, null, 2)}\n`)
  console.log(inWords(receipt, values.receipt).split('\n').map(printable).join('\n'))
  if (objected) console.log(objectedText(objected))
  return receipt.readBack && receipt.files.every(({ why }) => why === null || why === tombstone) ? 0 : 3
}

/** Makes the file before anybody is deleted, so that the receipt has a place, and takes it away when the work fails. Throws USAGE. */
const withPlaceFor = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    const why = isThere ? 'it is there already' : describeDiskError(cause)
    throw new RollcallError('USAGE', `--receipt ${file}: ${why}; nobody is deleted`, {
      cause,
      remedy: 'Name another file.',
    })
  }
  try {
    return await work()
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
}

const verify = (state: string, file: string): number => {
  const receipt = readReceipt(file)
  const doubt = doubtAbout(state, receipt)
  const { person, deletedAt } = receipt
  console.log(
    doubt === null ? `${file}: ${person} was deleted at ${deletedAt}, as this site has signed` : `${file}: ${doubt}`,
  )
  return doubt === null ? 0 : 1
}

/** Each opens the people anew, so that no database is open in this process while files are searched. */
const withPeople = async <T>(config: Config, state: string, work: (client: PeopleClient) => Promise<T>): Promise<T> => {
  const token = process.env.ROLLCALL_TOKEN || null
  const client = await openClient({ config, url: undefined, stateDirectory: state, token })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

const forgetting = async (
  config: Config,
  state: string,
  word: string,
  { never, note = null }: { readonly never: boolean; readonly note?: string | null },
): Promise<{ readonly receipt: Receipt; readonly objected: Objected | null }> => {
  const { person, sightings, tracks } = await withPeople(config, state, async (client) => {
    const shown = await client.show(await personFrom(client, word))
    return { person: shown, ...(await tracksOf(client, shown.id)) }
  })
  const marks = { ids: [person.id, ...person.aliases], tracks }
  const before = mentionsBelow(state, marks)
  const sign = signerOf(state)
  const objected = await withPeople(config, state, async (client) => {
    if (never) return client.object({ person: person.id, embedder: null, faces: [], note })
    await client.remove(person.id)
    return null
  })
  const after = await afterwards(state, marks)
  const receipt = sign({
    format: 1,
    rollcall: version(),
    site: config.site,
    person: person.id,
    aliases: [...person.aliases],
    deletedAt: new Date().toISOString(),
    held: { looks: person.exemplars, sightings, tracks: person.tracks },
    readBack: await withPeople(config, state, (client) => isGone(client, person.id)),
    files: found(before, after),
    looked: new Set([...before.keys(), ...after.keys()]).size,
    elsewhere: elsewhere(config, state),
  })
  return { receipt, objected }
}

/** How many sightings, and in which tracks. */
const tracksOf = async (client: PeopleClient, person: string) => {
  const tracks = new Set<string>()
  let sightings = 0
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.sightings({ person, limit: 1000, cursor })
    sightings += page.sightings.length
    for (const sighting of page.sightings) for (const track of sighting.tracks) tracks.add(track)
    cursor = page.next
  }
  return { sightings, tracks: [...tracks] }
}

const isGone = async (client: PeopleClient, person: string): Promise<boolean> => {
  try {
    await client.show(person)
    return false
  } catch (error) {
    if (error instanceof RollcallError && error.code === 'PERSON_UNKNOWN') return true
    throw error
  }
}

const [looks, pauseMs] = [6, 500]

/** A Rollcall that runs tells its sinks after it has answered, so what is left is looked at again, for some seconds. */
const afterwards = async (state: string, marks: Marks): Promise<ReadonlyMap<string, Mentions>> => {
  const mostLooks = whoRuns(state) === null ? 1 : looks
  for (let look = 1; ; look++) {
    const after = mentionsBelow(state, marks)
    const isLeft = [...after].some(([file, mentions]) => ![null, tombstone].includes(whyLeft(file, mentions)))
    if (!isLeft || look === mostLooks) return after
    await sleep(pauseMs)
  }
}
