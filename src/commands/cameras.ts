import { RollcallError } from '../errors.ts'
import type { Credentials } from '../ingest/camera-url.ts'
import { configure, named, overrideOptions, parse, secondsOf } from './arguments.ts'
import { findCameras } from './cameras/find.ts'
import { printAnswers } from './cameras/print.ts'
import { runningVerbs } from './cameras/running.ts'
import { runningHelp } from './running-rollcall.ts'

const help = `rollcall cameras list [--json] [--url URL | --state DIR | --config FILE]
rollcall cameras add NAME CAMERA_URL [--user NAME] [--url URL | --state DIR | --config FILE]
rollcall cameras remove|pause|resume NAME [--url URL | --state DIR | --config FILE]

Cameras of a running Rollcall, which need no restart. Those that are added are kept in its state directory; those of its
configuration can be paused, and are changed there. The password of a camera that is added comes from
ROLLCALL_CAMERA_PASSWORD, its user from --user or ROLLCALL_CAMERA_USER.

${runningHelp}
  --json        the list as one JSON object

A token with the scope read (list) or operate comes from ROLLCALL_TOKEN.

rollcall cameras find [--seconds N] [--host HOST[:PORT]]... [--user NAME] [--config FILE] [--json]

Looks for ONVIF cameras on the local network (WS-Discovery), asks each for its streams, and prints the blocks for the
configuration: the small stream as url, the large one as detailUrl. Changes nothing.

  --seconds N   how long answers are waited for (default 3)
  --host HOST   asks this one only, for cameras of another network; may be given several times
  --user NAME   the ONVIF user (default ROLLCALL_CAMERA_USER); its password comes from ROLLCALL_CAMERA_PASSWORD
  --config FILE a configuration: its logins are used for cameras at the same addresses
  --json        what was found as one JSON object

Exit code 1 when nothing was found, or when no device told a stream.`

const ANSWER_MS = 5000
/** Of a search. */
const mostSeconds = 60
const variable = 'ROLLCALL_CAMERA_PASSWORD'

/** Finds cameras of the network. Resolves to 0 when one has told a stream, else to 1; throws USAGE. */
const find = async (args: readonly string[]): Promise<number> => {
  const options = parse('cameras', args, {
    config: overrideOptions.config,
    seconds: { type: 'string', default: '3' },
    host: { type: 'string', multiple: true },
    user: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const credentials = loginFrom(options.user, process.env)
  const answers = await findCameras({
    hosts: options.host ?? [],
    forMs: 1000 * secondsOf(options.seconds, 0.1, mostSeconds),
    answerMs: ANSWER_MS,
    credentials,
    config: configure(options, process.env),
    onProgress: showProgress(process.stderr),
    signal: stop.signal,
  })
  const isFound = answers.some(({ cameras }) => cameras.length > 0)
  if (options.json) console.log(JSON.stringify({ ok: isFound, devices: answers }))
  else if (answers.length === 0) console.log(nothing)
  else console.log(printAnswers(answers, credentials && { user: credentials.user, variable }))
  return isFound ? 0 : 1
}

const nothing = `No ONVIF device has answered.
      → Switch ONVIF on in the cameras' menus. Multicast does not cross routers, and containers need the host's network:
        give --host ADDRESS for a camera that is known, or its stream's URL to rollcall doctor.`

const loginFrom = (
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Credentials | null => {
  const user = given ?? env.ROLLCALL_CAMERA_USER
  if (user === undefined || user === '') return null
  const password = env[variable]
  if (password !== undefined) return { user, password }
  throw new RollcallError('USAGE', `there is a user and no password; expected it in ${variable}`, {
    remedy: `for example: read -rs ${variable}; export ${variable}`,
  })
}

const showProgress =
  (stream: NodeJS.WriteStream) =>
  (done: number, all: number): void => {
    if (stream.isTTY) stream.write(`\r\x1b[2K${done === all ? '' : `${done} of ${all} devices asked …`}`)
  }

/** The cameras of a running Rollcall, and of the network. Throws USAGE, STATE, and what the Rollcall answers. */
export const cameras = async ([verb, ...args]: readonly string[]): Promise<number> => {
  if (verb === undefined || verb === '--help' || verb === '-h') {
    console.log(help)
    return verb === undefined ? 2 : 0
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help)
    return 0
  }
  const verbs = { ...runningVerbs, find }
  return named('cameras command', verb, verbs, 'see rollcall cameras --help')(args)
}
