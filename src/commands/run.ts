import { basename } from 'node:path'
import type { Config } from '../config/config.ts'
import { createLog } from '../config/log.ts'
import { RollcallError } from '../errors.ts'
import { CLOSED } from '../ingest/camera-end.ts'
import { openCameraFile } from '../site/cameras/saved-cameras.ts'
import { startRun } from '../site/run.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import type { Status } from '../site/status.ts'
import { configure, overrideOptions, parse } from './arguments.ts'
import { requireRecordings } from './recordings.ts'
import { tellSystemd } from './service/notify.ts'
import { endSoon, obeySignals, reloader } from './signals.ts'
import { tellReading } from './tell-reading.ts'

const help = `rollcall run [OPTIONS]

  --camera NAME=URL   a camera; may be given several times. rtsp://, rtsps://, file:// or a path, http(s)://, v4l2://
  --config FILE       the configuration (see rollcall.example.yaml); the options here win over it
  --models DIR        where the detector and the embedder are
  --state DIR         where people are kept over restarts (default ~/.local/state/rollcall/SITE; off: nowhere, also with --until-end)
  --events -|FILE     events as JSON lines, to stdout or appended to a file
  --http HOST:PORT    the viewer, API and metrics (default 127.0.0.1:8080; off: none). With --until-end only where it is given here:
                      a configuration's port may be that of the Rollcall that runs
  --until-end         read recordings at full speed, dropping no frame, then end; the same file gives the same events.
                      With --state a file that was read for this camera before is not read again, and that is said (code 0)
  --log-level LEVEL   debug, info, warn, error or silent

Ctrl-C and SIGTERM close everything in order, within ten seconds; a second one ends at once. SIGHUP opens the events file again, and
reads cameras, rules, tokens, the certificate and the log level again.`

/**
 * Ten seconds after SIGTERM the process is gone, because service managers kill after 10 (docker) or 30 (Kubernetes); later
 * only when sinks.kafka.closeTimeoutMs asks for it.
 */
export const endWithinMs = ({ sinks }: Config): number => 4500 + Math.max(5000, sinks.kafka.closeTimeoutMs)

/** Writes the token to the terminal and not to the log, because logs are kept and read by others. */
export const showToken = (token: string, url: string): void => {
  process.stderr.write(`\n  ${url}\n  Token for this run: ${token}\n\n`)
}

/** Why each camera has ended, in one line. */
const reasonsOf = ({ cameras }: Status): string =>
  cameras.map(({ camera, reason }) => `${camera}: ${reason}`).join('; ')

/** Whether cameras were added in an earlier run, or a configuration without cameras has a viewer in which to add them. */
const mayAddCameras = (
  { http }: Config,
  options: { readonly config?: string | undefined; readonly 'until-end': boolean },
  stateDirectory: string | null,
): boolean => {
  if (options['until-end']) return false
  if (options.config !== undefined && http.port !== null) return true
  return Object.keys(openCameraFile(stateDirectory).now().cameras).length > 0
}

/** The recordings that were closed before their end; those that have ended say how. */
const unreadOf = ({ cameras }: Status): string[] =>
  cameras.filter(({ state, reason }) => state !== 'ended' || reason === CLOSED).map(({ camera }) => camera)

/**
 * Runs a site until it is stopped, or to the end of its recordings. Resolves to 1 when recordings gave no frame at all, or
 * were stopped before their end, which is logged as an error with the reasons, else to 0.
 * A recording that was read before is no failure. Throws USAGE without a camera, CAMERA_NOT_FOUND
 * for a recording that is not there, and what `startRun` throws.
 */
export const run = async (args: readonly string[]): Promise<number> => {
  const options = parse('run', args, {
    ...overrideOptions,
    'until-end': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const untilEnd = options['until-end']
  const read = (isAgain: boolean) => configure(options, process.env, { httpIsOff: untilEnd, isAgain })
  const config = read(false)
  const stateDirectory = stateDirectoryOf(config, { untilEnd, env: process.env })
  if (Object.keys(config.cameras).length === 0 && !mayAddCameras(config, options, stateDirectory)) {
    throw new RollcallError('USAGE', 'there is no camera', {
      remedy: 'name one with --camera NAME=URL, or in the file that --config names',
    })
  }
  requireRecordings(config)
  const log = createLog(config.log, 'main')
  const running = await startRun(config, {
    untilEnd,
    configFile: options.config === undefined ? null : basename(options.config),
    stateDirectory,
    log,
    ...(process.stderr.isTTY && { showToken }),
  })
  const systemd = tellSystemd({ env: process.env, health: running.health, log })
  let isStopped = false
  const stop = (): void => {
    isStopped = true
    systemd.stopping()
    running.stop()
  }
  const restore = obeySignals(
    { stop },
    {
      endWithinMs: endWithinMs(config),
      reload: reloader(running, () => read(true), log),
      log,
    },
  )
  using _ = untilEnd ? tellReading(running.status, log) : null
  if (running.url) log.info({ url: running.url }, 'viewer, API and metrics')
  await running.done.finally(restore).catch((error: unknown) => {
    endSoon(1)
    throw error
  })
  const status = running.status()
  const { frames, faces, people } = status
  const unread = untilEnd && isStopped ? unreadOf(status) : []
  const isRead = untilEnd && unread.length === 0
  log.info({ frames, faces, people }, isRead ? 'the recordings are read' : 'stopped in order')
  if (unread.length > 0) {
    log.error({ cameras: unread }, 'stopped before these recordings were read to their end: the exit code is 1')
    endSoon(1)
    return 1
  }
  const code = untilEnd && status.frames === 0 && status.alreadyRead === 0 ? 1 : 0
  if (code !== 0) log.error({ cameras: reasonsOf(status) }, 'no recording gave a frame: the exit code is 1')
  endSoon(code)
  return code
}
