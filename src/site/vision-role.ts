import { Registry } from 'prom-client'
import { interval, lastValueFrom, mergeMap, tap } from 'rxjs'
import type { Config } from '../config/config.ts'
import type { LeveledLog } from '../config/log.ts'
import { createMetrics, mergeMetrics } from '../metrics.ts'
import type { SeamTarget } from '../seam/options.ts'
import { embedderMark, type SeamRecord } from '../seam/record.ts'
import { openSender, type Sender } from '../seam/sender.ts'
import { seamPlace } from '../seam/topic.ts'
import type { CameraChange, CameraId } from '../types.ts'
import { chosenEmbedder } from '../vision/chosen-embedder.ts'
import { createPlacedCameras } from './placed-cameras.ts'
import { type Readiness, readiness } from './readiness.ts'
import { recentFrames } from './recent-frames.ts'
import { reportTo } from './reports.ts'
import { createStatus, type SiteStatus, type Status } from './status.ts'
import { type StatusShown, startStatusServer } from './status-server.ts'
import { openVisionLink, type VisionLink } from './vision-link.ts'
import { createVisionPool } from './vision-pool.ts'
import { createWorkerMessages, type WorkerMessageParts, type WorkersState } from './worker-messages.ts'

/** How cameras are watched for an identity process elsewhere. */
export interface VisionOptions {
  readonly seam: SeamTarget
  /** This process in logs and in records; no other of the site has this name. */
  readonly name: string
  readonly log: LeveledLog
  readonly showToken?: (token: string, url: string) => void
  /** Takes the cameras that Kafka places here, with values from this environment, instead of those of the configuration. */
  readonly placed?: { readonly slots: number; readonly env: Readonly<Record<string, string | undefined>> }
  /** What each vision process runs; `src/worker/worker.ts` when left out. */
  readonly visionEntry?: URL
}

/** A running vision role. */
export interface VisionRun {
  /** Where health and metrics are; null when HTTP is off. */
  readonly url: string | null
  readonly status: () => Status
  /** Process IDs of the vision processes, by name. */
  readonly vision: ReadonlyMap<string, number>
  /** Stops the cameras; what is left is sent, and `done` resolves. */
  stop(): void
  /** Rejects when a worker cannot work at all (no model, no addon). */
  readonly done: Promise<void>
}

/** A camera of which nothing was sent for so long is said to be as it was. */
const ALIVE_EVERY_MS = 2000
/** How long what waits for Kafka may take at the end. */
const CLOSE_WITHIN_MS = 3000

/**
 * Owns the cameras of the configuration, or those that are placed here, and sends faces instead of identifying them. The
 * vision processes, their credit and their supervision are those of a whole site; a record is acknowledged once Kafka has it.
 * Throws what its parts throw (SINK, MODEL_MISSING, HTTP_LISTEN, …); then nothing is left open.
 */
export const startVision = async (given: Config, options: VisionOptions): Promise<VisionRun> => {
  const { seam, name, placed, log } = options
  const config = placed ? { ...given, cameras: {} } : given
  await using opening = new AsyncDisposableStack()
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const { sha256 } = await chosenEmbedder(config.models)
  const senderDeps = { owner: name, embedder: embedderMark(sha256), metrics, log }
  const sender = openSender(seamPlace(config.site, seam, log), senderDeps)
  opening.defer(() => sender.close(CLOSE_WITHIN_MS))
  const status = createStatus(Object.keys(config.cameras), () => 0)
  const state: WorkersState = { running: new Map(), analysing: new Set(), metrics: new Map() }
  const end = { isStopping: false, fatal: [] as Error[] }
  const pool = createVisionPool(withCropsFor(config), {
    untilEnd: false,
    log,
    mayStay: () => !end.isStopping && end.fatal.length === 0,
    ...(options.visionEntry && { entry: options.visionEntry }),
  })
  const stop = (): void => {
    end.isStopping = true
    void Promise.resolve(placing?.leave()).finally(() => pool.stop())
  }
  const failure = (): readonly string[] => [sender.failure() ?? []].flat()
  const ready = (): Readiness => readiness(pool.workers(), state, config.vision.hangAfterMs, null, failure())
  const exposition = (): Promise<string> => mergeMetrics(registry, state.metrics)
  const link = await openVisionLink(config, { ...options, env: placed?.env ?? {}, pool, metrics }, opening)
  const url = await serve(config, options, opening, { ready, metrics, exposition, cameras: status.cameras })
  const onFatal = (error: Error): void => {
    end.fatal.push(error)
    stop()
  }
  const placing = placed
    ? createPlacedCameras(config, { ...options, ...placed, pool, status, metrics, onFailure: onFatal })
    : null
  // Later processes win. Clocks of machines differ by less than a process takes to start.
  const startedAtMs = Date.now()
  const epochOf = placing?.epochOf ?? (() => startedAtMs)
  const tell = telling({ sender, status, epochOf, link }, opening)
  const hasCamera = (camera: CameraId): boolean => pool.workerOf(camera) !== undefined
  const elsewhere = shownElsewhere(link)
  const takeMessage = createWorkerMessages({ ...elsewhere, state, status, metrics, hasCamera, onFatal, log })
  const report = reportTo({ status, frames: recentFrames(), metrics, people: () => 0, scorer: undefined, log })
  const flow = pool.messages$.pipe(
    tap((message) => placing?.noteMessage(message)),
    tap((message) => link?.take(message)),
    mergeMap(takeMessage),
    tap((seen) => report({ seen, events: [] })),
    tap((seen) => seen.type === 'change' && placing?.noteChange(seen.change)),
    tap((seen) => {
      const { camera } = seen.type === 'faces' ? seen.faces : seen.change
      tell(camera, seen, () => seen.type === 'faces' && pool.workerOf(camera)?.send({ type: 'ack', camera }))
    }),
  )
  const over = lastValueFrom(flow, { defaultValue: null })
  opening.defer(() => placing?.leave())
  // When it cannot join, nothing would end the flow.
  opening.defer(() => void (end.isStopping || stop()))
  await placing?.join()
  const which = placing ? 'as Kafka places them' : Object.keys(config.cameras)
  log.info({ process: name, cameras: which }, 'role vision: these cameras are opened here')
  const owned = opening.move()
  const done = over
    .finally(() => owned.disposeAsync())
    .then(() => {
      const error = end.fatal.at(-1)
      if (error) throw error
    })
  return { url, status: status.now, vision: state.running, stop, done }
}

/** Pictures of faces do not cross Kafka: without a link nobody would have them. */
const withCropsFor = (config: Config): Config =>
  config.seam.link.listen === null ? { ...config, identity: { ...config.identity, crops: 'off' } } : config

/** Who looks at what the workers show is elsewhere, and so are those who are told. */
const shownElsewhere = (
  link: VisionLink | null,
): Omit<WorkerMessageParts, 'state' | 'status' | 'metrics' | 'hasCamera' | 'onFatal' | 'log'> => ({
  untilEnd: false,
  // Stills are shown where frames are identified.
  frames: { ...recentFrames(), when: () => {} },
  watched: () => link?.watched() ?? { cameras: [], video: [] },
  logLevel: () => null,
  publishPicture: () => {},
  publishUnit: () => {},
  publishNoVideo: () => {},
  keepCrop: () => {},
  captures: { answered: () => {}, lost: (cameras) => link?.lost(cameras) },
  figures: { metrics: () => {} },
  onWarning: () => {},
  nowMs: Date.now,
})

/** What is told with, and what of. */
interface Telling {
  readonly sender: Sender
  readonly status: Pick<SiteStatus, 'cameras'>
  readonly epochOf: (camera: CameraId) => number | undefined
  readonly link: Pick<VisionLink, 'address'> | null
}

/** Sends what is seen, and regularly that the other cameras are as they were, and where pictures are. Ends with `owner`. */
const telling = ({ sender, status, epochOf, link }: Telling, owner: AsyncDisposableStack) => {
  const toldMs = new Map<CameraId, number>()
  const toldWhereMs = new Map<CameraId, number>()
  const where = (camera: CameraId, nowMs: number): { readonly link?: string } => {
    if (link === null || nowMs - (toldWhereMs.get(camera) ?? Number.NEGATIVE_INFINITY) < ALIVE_EVERY_MS) return {}
    toldWhereMs.set(camera, nowMs)
    return { link: link.address }
  }
  const tell = (camera: CameraId, what: SeamRecord['what'], onDone: () => void): void => {
    const epoch = epochOf(camera)
    // What was under way when the camera went elsewhere.
    if (epoch === undefined) onDone()
    else {
      const nowMs = performance.now()
      toldMs.set(camera, nowMs)
      sender.push({ camera, epoch, what, ...where(camera, nowMs) }, onDone)
    }
  }
  const sayAlive = ({ camera, state, reason }: CameraChange): void => {
    const isQuiet = performance.now() - (toldMs.get(camera) ?? 0) >= ALIVE_EVERY_MS
    if (isQuiet && state !== 'ended' && !sender.isWaiting(camera))
      tell(camera, { type: 'alive', state, reason }, () => {})
  }
  const regularly = interval(ALIVE_EVERY_MS).subscribe(() => status.cameras().forEach(sayAlive))
  owner.defer(() => regularly.unsubscribe())
  return tell
}

/** What the server of this role shows. */

/** The URL of its server; null without one. */
const serve = async (
  { http }: Config,
  { log, showToken }: VisionOptions,
  owner: AsyncDisposableStack,
  shown: Pick<StatusShown, 'ready' | 'metrics' | 'exposition' | 'cameras'>,
): Promise<string | null> => {
  if (http.port === null) return null
  const elsewhere = { status: 404, message: 'events come from the identity process' }
  const server = await startStatusServer(http, { ...shown, elsewhere, log, showToken })
  owner.defer(() => server.close())
  return server.url
}
