import { hostname } from 'node:os'
import { createLog } from '../config/log.ts'
import { RollcallError } from '../errors.ts'
import { startVision } from '../site/vision-role.ts'
import { configure, overrideOptions, parse } from './arguments.ts'
import { requireRecordings } from './recordings.ts'
import { endWithinMs, showToken } from './run.ts'
import { requireCameras, seamOf } from './seam.ts'
import { endSoon, obeySignals } from './signals.ts'

const help = `rollcall vision --config FILE [OPTIONS]

Watches cameras and sends their faces to the identity process of the site, over Kafka (seam.kafka). Each camera is opened by
one vision process.

  --config FILE       the configuration, the same as that of the identity process
  --only NAME,…       of its cameras only these (default: all; with seam.cameraSlots those that Kafka places here)
  --camera NAME=URL   another camera, or another URL; may be given several times
  --name NAME         this process in logs and records (default: the name of the machine and the process ID)
  --models DIR        where the detector and the embedder are
  --http HOST:PORT    health and metrics (default 127.0.0.1:8080; off: none)
  --log-level LEVEL   debug, info, warn, error or silent

Ctrl-C and SIGTERM close the cameras and send what is left, within ten seconds.`

/** Only the cameras of `--only`. Throws USAGE for one that the configuration does not have. */
const chosen = <C>(cameras: Readonly<Record<string, C>>, only: string | undefined): Record<string, C> => {
  if (only === undefined) return { ...cameras }
  return Object.fromEntries(
    only.split(',').map((name) => {
      const camera = Object.hasOwn(cameras, name) ? cameras[name] : undefined
      if (camera !== undefined) return [name, camera]
      const there = Object.keys(cameras).join(', ')
      throw new RollcallError('USAGE', `--only: there is no camera "${name}"; there are ${there}`)
    }),
  )
}

/** Runs a vision role until it is stopped. Resolves to 0; throws USAGE, and what `startVision` throws. */
export const vision = async (args: readonly string[]): Promise<number> => {
  const { state: _, events: _events, ...common } = overrideOptions
  const options = parse('vision', args, {
    ...common,
    only: { type: 'string' },
    name: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const all = configure(options, process.env)
  const seam = seamOf('vision', all)
  const config = { ...all, cameras: chosen(all.cameras, options.only) }
  requireCameras(config)
  requireRecordings(config)
  const { cameraSlots: slots } = config.seam
  const placed = slots !== null && options.only === undefined ? { slots, env: process.env } : undefined
  const name = options.name ?? `${hostname()}-${process.pid}`
  const log = createLog(config.log, name)
  const running = await startVision(config, {
    seam,
    name,
    log,
    ...(placed && { placed }),
    ...(process.stderr.isTTY && { showToken }),
  })
  const reload = async (): Promise<void> =>
    log.warn({}, 'SIGHUP: the configuration of this role is read at its start only')
  const restore = obeySignals(running, { endWithinMs: endWithinMs(config), reload, log })
  if (running.url) log.info({ url: running.url }, 'health and metrics')
  await running.done.finally(restore).catch((error: unknown) => {
    endSoon(1)
    throw error
  })
  log.info({ frames: running.status().frames }, 'stopped in order')
  endSoon(0)
  return 0
}
