import { RollcallError } from '../../errors.ts'
import { printable } from '../../text.ts'
import { parseWords } from '../arguments.ts'
import { askRollcall, type Question } from '../people/http-client.ts'
import { runningOptions, runningRollcall } from '../running-rollcall.ts'

/** Long enough for a busy disk. */
const patienceMs = 30_000

const options = {
  ...runningOptions,
  user: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** A camera as `GET /api/cameras` lists it. */
interface ListedCamera {
  readonly camera: string
  readonly state: string
  readonly reason: string
  readonly source?: 'file' | 'state'
  readonly paused?: boolean
  readonly url?: string
  readonly figures?: {
    readonly receivedFps: number
    readonly analysedFps: number
    readonly resting?: boolean
    readonly asleep?: boolean
    readonly steady?: boolean
    readonly codec: string | null
  }
}

/** The words after the verb, exactly as many as it takes, and where the Rollcall is. Throws USAGE. */
const read = async (verb: string, args: readonly string[], words: readonly string[]) => {
  const { values, positionals } = parseWords(`cameras ${verb}`, args, options)
  if (positionals.length === words.length)
    return { ...values, origin: await runningRollcall(values), words: positionals }
  const expected = words.length === 0 ? 'options only' : words.join(' ')
  throw new RollcallError('USAGE', `rollcall cameras ${verb}: expected ${expected}`, {
    remedy: 'see rollcall cameras --help',
  })
}

const ask = (origin: string, method: Question['method'], path: string, body?: object): Promise<unknown> =>
  askRollcall(origin, {
    method,
    path,
    token: process.env.ROLLCALL_TOKEN ?? null,
    patienceMs,
    elsewhere: ', and that Rollcall runs with HTTP on',
    ...(body && { body }),
  })

const list = async (args: readonly string[]): Promise<number> => {
  const { origin, json } = await read('list', args, [])
  const answer = (await ask(origin, 'GET', '/api/cameras')) as {
    readonly cameras?: readonly ListedCamera[]
    readonly file?: string | null
  }
  if (!Array.isArray(answer.cameras))
    throw new RollcallError('STATE', `${origin}: expected a list of cameras`, {
      remedy: 'Check that this is a Rollcall.',
    })
  if (json) console.log(JSON.stringify(answer))
  else
    console.log(
      answer.cameras.length === 0
        ? 'There is no camera.'
        : answer.cameras.map((camera) => lineOf(camera, answer.file ?? null)).join('\n'),
    )
  return 0
}

/** Why few frames are analysed. */
const saysWhy = ({ resting, asleep, steady }: NonNullable<ListedCamera['figures']>): string => {
  if (asleep) return ' (nobody is there, nothing moves)'
  if (resting) return ' (nobody is there)'
  return steady ? ' (everybody is known and keeps still)' : ''
}

/** `file`: the name of the configuration; null when cameras were named on the command line. */
const lineOf = ({ camera, state, reason, source, paused, url, figures }: ListedCamera, file: string | null): string => {
  const does = paused ? 'paused' : state
  const rates =
    figures && state === 'online'
      ? `, ${figures.receivedFps} frames/s, ${figures.analysedFps} analysed${saysWhy(figures)}`
      : ''
  const why = state === 'online' || paused ? '' : `: ${reason}`
  const where = source === 'state' ? 'added' : file === null ? 'on the command line' : `in ${file}`
  return printable(`${camera}  ${does}${rates}${why}  (${[where, figures?.codec, url].filter(Boolean).join(', ')})`)
}

const add = async (args: readonly string[]): Promise<number> => {
  const { origin, user: given, words } = await read('add', args, ['NAME', 'CAMERA_URL'])
  const [name, url] = words
  const user = given ?? (process.env.ROLLCALL_CAMERA_USER || undefined)
  const password = process.env.ROLLCALL_CAMERA_PASSWORD
  await ask(origin, 'POST', '/api/cameras', {
    name,
    url,
    ...(user !== undefined && { user, password: password ?? '' }),
  })
  console.log(`camera ${name} was added; rollcall cameras list says how it does`)
  return 0
}

const change =
  (verb: 'remove' | 'pause' | 'resume', done: string) =>
  async (args: readonly string[]): Promise<number> => {
    const { origin, words } = await read(verb, args, ['NAME'])
    const path = `/api/cameras/${encodeURIComponent(words[0] ?? '')}`
    if (verb === 'remove') await ask(origin, 'DELETE', path)
    else await ask(origin, 'POST', `${path}/${verb}`)
    console.log(`camera ${words[0]} ${done}`)
    return 0
  }

/** What can be done with the cameras of a running Rollcall, by verb. Each resolves to the exit code. */
export const runningVerbs = {
  list,
  add,
  remove: change('remove', 'was removed; its people stay'),
  pause: change('pause', 'is paused'),
  resume: change('resume', 'goes on'),
} as const
