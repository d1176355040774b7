/**
 * The entry of a worker: a process that owns cameras and models, and exchanges messages with the identity process.
 * `supervise` starts it. It ends when all its cameras have ended, when it is told to stop, or when its parent is gone.
 */
import { setTimeout } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { interval, lastValueFrom, tap } from 'rxjs'
import { encodeJpeg } from '../../native/index.js'
import type { Config } from '../config/config.ts'
import { createLog, tapLog } from '../config/log.ts'
import { describeError, RollcallError } from '../errors.ts'
import { type Cameras, openCameras } from '../ingest/cameras.ts'
import { capture } from '../ingest/capture/capture.ts'
import { type CreditWindow, createCreditWindow } from '../ipc/credit-window.ts'
import { BEAT_EVERY_MS, type FromVision, type Stuck, type ToVision } from '../ipc/messages.ts'
import { createMetrics, forgetCamera, type Metrics } from '../metrics.ts'
import type { EmbeddedFrame } from '../operators/analysed.ts'
import type { Seen } from '../operators/identify.ts'
import { stopwatch } from '../operators/stopwatch.ts'
import { vision } from '../pipeline.ts'
import { createCutDetector } from '../tracking/cut.ts'
import { createTracker } from '../tracking/tracker.ts'
import type { CameraId, Log, RecordingsRead, StreamId } from '../types.ts'
import { createFaceCropper } from '../vision/face-crop.ts'
import { loadModels } from '../vision/models.ts'
import { type Crops, createCrops } from './crops.ts'
import { createPictures } from './pictures.ts'
import { createPulse, type Pulse } from './pulse.ts'
import { type Counts, createStuckWatch } from './stuck.ts'
import { createVideos } from './videos.ts'

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly config: Config
  /** The cameras of this worker. */
  readonly cameras: readonly CameraId[]
  /** The worker's name in logs and metrics. */
  readonly name: string
  /** Recordings are read at full speed, without dropping a frame, once. */
  readonly untilEnd: boolean
  /** Recordings that were read to their end in an earlier run. They are not read again. */
  readonly recordingsRead: RecordingsRead
  /** The streams of recordings that an earlier process has begun to read. They are read again, and only they. */
  readonly begun: Readonly<Record<CameraId, StreamId>>
}

/** What the worker says of itself. Cameras are stuck only once there are some. */
interface Health {
  stuck: () => readonly Stuck[]
  readonly pulse: Pulse
}

const METRICS_EVERY_MS = 1000
/** On a GPU a batch costs little more than one frame. */
const GPU_BATCH = 16

type Command = ToVision<WorkerStart>

/** Resolves when the message and every earlier one have left this process, or when the parent is gone. */
const send = (message: FromVision): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve())
    else resolve()
  })

const remembering = <K, V>(make: (key: K) => V) => {
  const made = new Map<K, V>()
  return {
    of: (key: K): V => {
      const value = made.get(key) ?? make(key)
      made.set(key, value)
      return value
    },
    forget: (key: K): void => void made.delete(key),
  }
}

/** Commands wait here until somebody obeys them. */
interface Inbox {
  push(command: Command): void
  /** Calls `listener` with what waits, and from then on with each command as it comes. */
  obey(listener: (command: Command) => void): void
}

const createInbox = (): Inbox => {
  const waiting: Command[] = []
  let obeys: ((command: Command) => void) | null = null
  return {
    push: (command) => {
      if (obeys) obeys(command)
      else waiting.push(command)
    },
    obey: (listener) => {
      obeys = listener
      for (const command of waiting.splice(0)) listener(command)
    },
  }
}

/**
 * Analyses the cameras until all have ended. Rejects with what its parts throw (MODEL_MISSING, NATIVE_MISSING, …),
 * after it has closed everything.
 */
const work = async (start: WorkerStart, inbox: Inbox, health: Health): Promise<void> => {
  const { config, untilEnd, recordingsRead, begun } = start
  await using owned = new AsyncDisposableStack()
  const log = tapLog(createLog(config.log, start.name), (level, fields, message) => {
    void send({ type: 'warning', level, fields: { ...fields, process: start.name }, message })
  })
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const reportMetrics = async () => send({ type: 'metrics', metrics: await registry.getMetricsAsJSON() })
  // Deferred first, so it runs last: the last report has the final counts.
  owned.defer(reportMetrics)
  const loading = loadModels(config.models, {
    log,
    onFallback: (model, from, to) => metrics.providerFallbacks.inc({ model, from, to }),
  })
  const models = owned.adopt(await loading, (loaded) => loaded.close())
  const cameras = owned.adopt(
    openCameras(
      start.cameras.map((camera) => ({ name: camera, options: config.cameras[camera] })),
      { pictureSide: config.models.side, untilEnd, recordingsRead, begun, log, metrics },
    ),
    (opened) => opened.close(),
  )
  const window = createCreditWindow(config.batch.window)
  const pictures = createPictures(
    (stamp, jpeg) => void send({ type: 'picture', stamp, jpeg }),
    (camera, error) => log.warn({ camera, error: String(error) }, 'no picture for the viewer'),
    () => performance.now(),
  )
  const videos = createVideos({
    cameras,
    send,
    onDrop: (camera) => metrics.drops.inc({ stage: 'video', camera }),
  })
  const crops = cropsFor(config, metrics, log)
  const reporting = interval(METRICS_EVERY_MS).subscribe(() => void reportMetrics())
  owned.defer(() => reporting.unsubscribe())
  const onGpu = models.detector.provider !== 'cpu'
  const { max } = config.batch
  const followings = remembering((camera: CameraId) => ({
    tracker: createTracker(config.tracker, camera),
    cuts: createCutDetector(),
  }))
  const seen$ = vision({
    cameras,
    models,
    window,
    followings: followings.of,
    maxBatch: max === 'auto' ? (onGpu ? GPU_BATCH : 1) : max,
    timed: stopwatch(metrics.stageDuration),
    onAnalysed: (batch) => {
      countBatch(metrics, batch)
      crops?.offer(batch)
      for (const { frame } of batch) pictures.offer(frame)
    },
    onFailure: (frames, error) => {
      for (const { camera } of frames) metrics.drops.inc({ stage: 'detect', camera })
      log.error({ cameras: frames.map((frame) => frame.camera), error: String(error) }, 'a batch failed and is skipped')
    },
  })
  const analysed = new Map<CameraId, number>()
  const progress = createStuckWatch(start.cameras, countsOf({ cameras, window, analysed }), () => performance.now())
  health.stuck = () => progress.look()
  const note = (seen: Seen): void => {
    // What was under way when its camera was removed.
    if (seen.type === 'faces' && cameras.find(seen.faces.camera) === undefined) return
    if (seen.type === 'change') progress.note(seen.change)
    else analysed.set(seen.faces.camera, (analysed.get(seen.faces.camera) ?? 0) + 1)
    tell(seen, window)
  }
  const over = lastValueFrom(seen$.pipe(tap(note)), { defaultValue: null })
  const forget = (camera: CameraId): Promise<void> => {
    window.forget(camera)
    progress.forget(camera)
    followings.forget(camera)
    analysed.delete(camera)
    return forgetCamera(registry, camera)
  }
  const change = changing({
    cameras,
    log,
    opened: (camera) => {
      progress.watch(camera)
      videos.opened(camera)
    },
    forget,
  })
  // Only after vision has subscribed, because the first command may be to stop.
  inbox.obey((command) => {
    if (command.type === 'ack') window.acknowledged(command.camera)
    if (command.type === 'watch') {
      pictures.watch(command.cameras)
      videos.watch(command.video)
    }
    if (command.type === 'log') log.level = command.level
    if (command.type === 'capture') void answerCapture(cameras, command)
    if (command.type === 'open') change.open(command.start)
    if (command.type === 'drop') change.drop(command.camera)
    if (command.type === 'stop') void cameras.close()
  })
  health.pulse.reset()
  await send({ type: 'ready' })
  await over
  await reportMetrics()
  // A decoder that never returns may keep what follows from ending.
  await send({ type: 'done' })
}

interface ChangingParts {
  readonly cameras: Cameras
  readonly log: Log
  /** A camera was opened. */
  readonly opened: (camera: CameraId) => void
  /** A camera is gone. */
  readonly forget: (camera: CameraId) => Promise<void>
}

/** Opens and drops cameras while others run, one after the other: the same name may come again. */
const changing = ({ cameras, log, opened, forget }: ChangingParts) => {
  let last: Promise<void> = Promise.resolve()
  const next = (camera: CameraId, work: () => Promise<void>): void => {
    last = last.then(work).catch((error: unknown) => log.error({ camera, error: describeError(error) }, 'not changed'))
  }
  return {
    open: ({ config, cameras: names }: WorkerStart): void => {
      for (const name of names)
        next(name, async () => {
          await cameras.add({ name, options: config.cameras[name] })
          opened(name)
        })
    },
    drop: (camera: CameraId): void =>
      next(camera, async () => {
        await cameras.remove(camera)
        if (cameras.find(camera) === undefined) await forget(camera)
      }),
  }
}

/** Null with `identity.crops: off`. */
const cropsFor = ({ identity }: Config, metrics: Metrics, log: Log): Crops | null => {
  if (identity.crops === 'off') return null
  return createCrops({
    cropper: createFaceCropper(),
    encode: encodeJpeg,
    minQuality: identity.minQuality,
    send: (crop) => {
      metrics.crops.inc({ camera: crop.camera })
      void send({ type: 'crop', crop })
    },
    onFailure: (error) => log.warn({ error: String(error) }, 'no picture of a face'),
  })
}

/** Captures a camera beside everything else, and sends the film or why there is none. */
const answerCapture = async (cameras: Cameras, { id, camera, forMs }: Command & { type: 'capture' }): Promise<void> => {
  try {
    const asked = cameras.named(camera)
    const request = { forMs, captured: () => asked.captured(), waitMs: setTimeout }
    await send({ type: 'captured', id, capture: await capture(camera, request) })
  } catch (error) {
    const known = error instanceof RollcallError
    const { code, remedy } = known ? error : { code: 'PIPELINE' as const, remedy: undefined }
    const message = known ? error.message : describeError(error)
    await send({ type: 'captured', id, capture: { code, message, remedy } })
  }
}

const countsOf =
  (parts: { cameras: Cameras; window: CreditWindow; analysed: ReadonlyMap<CameraId, number> }) =>
  (name: CameraId): Counts => {
    const { live, stats } = parts.cameras.find(name) ?? { live: true, stats: { decoded: 0, pipelines: 0 } }
    const { decoded, pipelines } = stats
    return { decoded, pipelines, live, analysed: parts.analysed.get(name) ?? 0, hasRoom: parts.window.hasRoom(name) }
  }

const countBatch = (metrics: Metrics, batch: readonly EmbeddedFrame[]): void => {
  metrics.batchFrames.observe(batch.length)
  for (const { frame, faces } of batch) {
    metrics.framesAnalysed.inc({ camera: frame.camera })
    metrics.faces.inc({ camera: frame.camera }, faces.length)
    metrics.embeddings.inc(faces.filter((face) => face.embedding).length)
  }
}

/** Sends a record to the identity process, which acknowledges it. Until then it takes a credit of its camera. */
const tell = (seen: Seen, window: CreditWindow): void => {
  if (seen.type === 'faces') window.sent(seen.faces.camera)
  void send(seen)
}

const main = (): void => {
  const inbox = createInbox()
  process.on('message', (command: Command) => {
    if (command.type === 'start') void run(command.start)
    else inbox.push(command)
  })
  // Without a parent nobody receives the records.
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches the whole process group. The parent tells this process to stop, so that the last records are not
  // lost.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => {})
  const pulse = createPulse(() => performance.now())
  const health: Health = { stuck: () => [], pulse }
  const beat = (): void => void send({ type: 'beat', longestBusyMs: pulse.beat(), stuck: health.stuck() })
  setInterval(beat, BEAT_EVERY_MS).unref()

  const run = async (start: WorkerStart): Promise<void> => {
    try {
      await work(start, inbox, health)
    } catch (error) {
      const { code, message, remedy } =
        error instanceof RollcallError
          ? error
          : { code: 'PIPELINE' as const, message: describeError(error), remedy: undefined }
      await send({ type: 'fatal', code, message, remedy })
      process.exitCode = 1
    }
    process.disconnect?.()
  }
}

main()
