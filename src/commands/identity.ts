import { basename } from 'node:path'
import type { Config } from '../config/config.ts'
import { createLog } from '../config/log.ts'
import { RollcallError } from '../errors.ts'
import { startRun } from '../site/run.ts'
import { type StandByOptions, standBy, type TakenOver } from '../site/stand-by.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { camerasFrom, configure, overrideOptions, parse } from './arguments.ts'
import { keepWanted } from './kept-wanted.ts'
import { endWithinMs, showToken } from './run.ts'
import { requireCameras, seamOf } from './seam.ts'
import { endSoon, obeySignals, reloader } from './signals.ts'

const help = `rollcall identity --config FILE [OPTIONS]

Says who the faces are that the vision processes of the site send over Kafka (seam.kafka): people, sinks, HTTP and the viewer.
A site has one identity process; with seam.stateTopic others stand by, and take it over when that one is gone.

  --config FILE       the configuration, the same as that of the vision processes
  --camera NAME=URL   another camera; may be given several times
  --models DIR        where the embedder is
  --state DIR         where people are kept over restarts (default ~/.local/state/rollcall/SITE; off: nowhere)
  --events -|FILE     events as JSON lines, to stdout or appended to a file
  --http HOST:PORT    the viewer, API and metrics (default 127.0.0.1:8080; off: none)
  --log-level LEVEL   debug, info, warn, error or silent

Ctrl-C and SIGTERM close everything in order, within ten seconds. SIGHUP opens the events file again, and reads rules, tokens,
the certificate and the log level again; with seam.cameraSlots cameras, too.`

/** Runs the identity role until it is stopped. Resolves to 0; throws USAGE, and what `startRun` throws. */
export const identity = async (args: readonly string[]): Promise<number> => {
  const options = parse('identity', args, { ...overrideOptions, help: { type: 'boolean', short: 'h' } })
  if (options.help) {
    console.log(help)
    return 0
  }
  const read = (isAgain: boolean) => configure(options, process.env, { isAgain })
  const config = read(false)
  const seam = seamOf('identity', config)
  requireCameras(config)
  const log = createLog(config.log, 'identity')
  const file = options.config
  const urls = camerasFrom(options.camera ?? [])
  const wanted = file === undefined ? null : keepWanted(config, { seam, file, urls, log })
  const stateDirectory = stateDirectoryOf(config, { untilEnd: false, env: process.env })
  const token = { ...(process.stderr.isTTY && { showToken }) }
  const takenOver = config.seam.stateTopic ? await takeOver(config, { seam, stateDirectory, log, ...token }) : undefined
  if (takenOver === null) {
    endSoon(0)
    return 0
  }
  const running = await startRun(config, {
    seam,
    untilEnd: false,
    configFile: options.config === undefined ? null : basename(options.config),
    stateDirectory,
    env: process.env,
    log,
    ...(takenOver && { takenOver }),
    ...token,
  }).catch(async (error: unknown) => {
    await takenOver?.close()
    throw error
  })
  if (running.placed) wanted?.begin(running.placed)
  const reload = async (): Promise<void> => {
    await reloader(running, () => read(true), log)()
    wanted?.reread()
  }
  const restore = obeySignals(running, { endWithinMs: endWithinMs(config), reload, log })
  log.info(
    { site: config.site, cameras: Object.keys(config.cameras) },
    'role identity: people of this site are known here',
  )
  if (running.url) log.info({ url: running.url }, 'viewer, API and metrics')
  await running.done
    .finally(restore)
    .finally(() => wanted?.close())
    .finally(() => takenOver?.close())
    .catch((error: unknown) => {
      endSoon(1)
      throw error
    })
  const { frames, faces, people } = running.status()
  log.info({ frames, faces, people }, 'stopped in order')
  endSoon(0)
  return 0
}

/** Stands by until the site is this process's; null when it was stopped before. */
const takeOver = async (
  config: Config,
  {
    stateDirectory,
    ...options
  }: Omit<StandByOptions, 'directory' | 'signal'> & {
    readonly stateDirectory: string | null
  },
): Promise<TakenOver | null> => {
  if (stateDirectory === null)
    throw new RollcallError('USAGE', 'rollcall identity: seam.stateTopic is set, and state.directory is off', {
      remedy: 'Name a directory, which may be empty and need not last: --state DIR.',
    })
  const stopping = new AbortController()
  const run = { stop: () => stopping.abort() }
  const restore = obeySignals(run, { endWithinMs: endWithinMs(config), reload: async () => {}, log: options.log })
  return standBy(config, { ...options, directory: stateDirectory, signal: stopping.signal }).finally(restore)
}
