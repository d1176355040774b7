import { accessSync, constants, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeDiskError, isDiskFull } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import { type CaptureAnswer, mostCaptureS } from '../server/capture-route.ts'
import { printable } from '../text.ts'
import { parseWords, secondsOf } from './arguments.ts'
import { askRollcall } from './people/http-client.ts'
import { runningHelp, runningOptions, runningRollcall } from './running-rollcall.ts'

const help = `rollcall capture CAMERA [--seconds N] [--out DIR] [--url URL | --state DIR | --config FILE]

Writes the last seconds of a camera of a running Rollcall to an MP4, as the camera sent them, with the events of that time
beside it (JSON lines). What is kept from the past is four seconds (the ring); the rest is waited for.

  --seconds N   how many, 1 to ${mostCaptureS} (default 10)
  --out DIR     where the two files go (default: the working directory)
${runningHelp}

A token with the scope biometric comes from ROLLCALL_TOKEN. What a vision process kept is gone when it crashes: capture before, or record with a recorder.`

const patienceMs = 60_000

/** Captures a camera. Resolves to 0; throws USAGE, STATE, and what the Rollcall answers. */
export const capture = async (args: readonly string[]): Promise<number> => {
  const { values: options, positionals } = parseWords('capture', args, {
    seconds: { type: 'string', default: '10' },
    out: { type: 'string', default: '.' },
    ...runningOptions,
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const [camera, more] = positionals
  if (camera === undefined || more !== undefined)
    throw new RollcallError('USAGE', 'rollcall capture: expected the name of one camera', {
      remedy: 'see rollcall capture --help',
    })
  const seconds = secondsOf(options.seconds, 1, mostCaptureS)
  checkDirectory(options.out)
  const taken = await ask(await runningRollcall(options), camera, seconds)
  const name = `${taken.camera}-${new Date(taken.startsAtMs).toISOString().replace(/[:.]/g, '-')}`
  const [film, events] = [join(options.out, `${name}.mp4`), join(options.out, `${name}.jsonl`)]
  write(film, Buffer.from(taken.video, 'base64'))
  write(events, taken.events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  console.log(describe(taken, film, events))
  return 0
}

/** Asked first, because what a camera kept is gone when it has been waited for in vain. */
const checkDirectory = (directory: string): void => {
  try {
    // The point: a file is no directory.
    accessSync(`${directory}/.`, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw unwritable(directory, cause)
  }
}

/** Leaves no half of a file behind. */
const write = (file: string, data: Buffer | string): void => {
  try {
    writeFileSync(file, data, { mode: 0o600 })
  } catch (cause) {
    rmSync(file, { force: true })
    throw unwritable(file, cause)
  }
}

const unwritable = (path: string, cause: unknown): RollcallError =>
  new RollcallError('USAGE', `--out: ${path}: ${describeDiskError(cause)}`, {
    cause,
    remedy: isDiskFull(cause)
      ? 'Make room there, or name another directory.'
      : 'Name a directory that exists and may be written.',
  })

const describe = (taken: CaptureAnswer, film: string, events: string): string =>
  [
    `${film}: ${taken.pictures} pictures, ${(taken.lengthMs / 1000).toFixed(1)} s, ${taken.encoding}`,
    ...(taken.short === null ? [] : [`  shorter than asked for: ${taken.short}`]),
    ...(taken.broken === 0 ? [] : [`  something was lost before ${taken.broken} of them`]),
    `${events}: ${taken.events.length} events`,
    `Replay: rollcall run --until-end --camera ${taken.camera}=${film} --events -   (cameras.${taken.camera}.startsAtMs: ${taken.startsAtMs} gives it its time)`,
  ]
    .map(printable)
    .join('\n')

const ask = async (origin: string, camera: string, seconds: number): Promise<CaptureAnswer> => {
  const answer = await askRollcall(origin, {
    method: 'POST',
    path: `/api/cameras/${encodeURIComponent(camera)}/capture?seconds=${seconds}`,
    token: process.env.ROLLCALL_TOKEN ?? null,
    patienceMs,
    elsewhere: ', and that Rollcall runs with HTTP on',
  })
  if (isCapture(answer, camera)) return answer
  throw new RollcallError('STATE', `${origin}: expected a capture of camera ${camera}`, {
    remedy: 'Check that this is a Rollcall of this version.',
  })
}

/** Whether files can be named and written from an answer: anything may listen at an address. */
const isCapture = (answer: unknown, camera: string): answer is CaptureAnswer => {
  const given = answer as Partial<CaptureAnswer> | null
  return (
    given?.camera === camera &&
    Number.isInteger(given.startsAtMs) &&
    typeof given.video === 'string' &&
    Array.isArray(given.events)
  )
}
