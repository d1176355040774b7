import { EMPTY, from, type Observable, of } from 'rxjs'
import type { OnWarning } from '../config/log.ts'
import { describeError, type ErrorCode, RollcallError } from '../errors.ts'
import { describeExit, type Exit } from '../ipc/child.ts'
import { type Metrics, type MetricsJson, metricsOfPresent } from '../metrics.ts'
import type { Seen } from '../operators/identify.ts'
import type { FramePicture } from '../sinks/websocket/protocol.ts'
import type { CameraChange, CameraId, FaceCrop, Faces, Log, MediaMs, VideoUnit, VideoWish } from '../types.ts'
import type { Figures } from './cameras/camera-figures.ts'
import type { Captures } from './captures.ts'
import type { RecentFrames } from './recent-frames.ts'
import type { SiteStatus } from './status.ts'
import type { Affected } from './verdict.ts'
import type { FromWorker, Worker, WorkerMessage } from './vision-pool.ts'

/** What the workers last said, by worker name. Updated by `createWorkerMessages`. */
export interface WorkersState {
  /** Process IDs of the workers that run. */
  readonly running: Map<string, number>
  /** Those that have loaded their models. */
  readonly analysing: Set<string>
  /** The newest metrics of each. */
  readonly metrics: Map<string, MetricsJson>
}

/** Whose stills and whose own video somebody watches. */
export interface Watched {
  readonly cameras: readonly CameraId[]
  readonly video: readonly VideoWish[]
}

/** Who is told what a worker says. */
export interface WorkerMessageParts {
  readonly state: WorkersState
  readonly status: SiteStatus
  readonly frames: RecentFrames
  readonly metrics: Pick<Metrics, 'visionRestarts' | 'visionDeaths' | 'cameraQuarantined'>
  /** True for recordings, whose time is not that of our clock. */
  readonly untilEnd: boolean
  /** The cameras that somebody watches right now. */
  readonly watched: () => Watched
  /** What is logged now; null while it is what the configuration said at the start. */
  readonly logLevel: () => string | null
  readonly publishPicture: (picture: FramePicture) => void
  readonly publishUnit: (unit: VideoUnit) => void
  readonly publishNoVideo: (camera: CameraId, reason: string | null) => void
  readonly keepCrop: (crop: FaceCrop) => void
  readonly captures: Pick<Captures, 'answered' | 'lost'>
  readonly figures: Pick<Figures, 'metrics'>
  /** A worker has logged something that people should see. */
  readonly onWarning: OnWarning
  /** Whether there still is such a camera. */
  readonly hasCamera: (camera: CameraId) => boolean
  /** A worker cannot work at all, or a recording cannot be read to its end. */
  readonly onFatal: (error: RollcallError) => void
  readonly nowMs: () => number
  readonly log: Log
}

type Died = Extract<FromWorker, { readonly type: 'died' }>

/**
 * Emits faces and changes of cameras, in order. Deals with every other message of a worker itself, and then emits
 * nothing. What a process reads once more, because the one before has died, is acknowledged and not emitted.
 */
export const createWorkerMessages = (parts: WorkerMessageParts): ((message: WorkerMessage) => Observable<Seen>) => {
  const { state, status, frames, metrics, log } = parts
  // A recording is read again, so its tracks and sightings go on: it is not offline.
  const away = parts.untilEnd ? 'opening' : 'offline'
  const waiting = (each: Affected, exit: Exit, at: number) => ({ ...offline(each, exit, at), state: away }) as const
  /** Cameras whose recording has ended. */
  const over = new Set<CameraId>()
  /** The last record of each camera. */
  const latest = new Map<CameraId, Faces>()
  const atMs = (camera: CameraId): number => (parts.untilEnd ? (latest.get(camera)?.capturedAtMs ?? 0) : parts.nowMs())

  const isRepeated = ({ camera, stream, seq }: Faces): boolean => {
    const last = latest.get(camera)
    return last !== undefined && last.stream === stream && seq <= last.seq
  }
  const forgetRemoved = (): void => {
    for (const camera of latest.keys()) if (!parts.hasCamera(camera)) latest.delete(camera)
  }
  const gone = (worker: Worker): void => {
    state.running.delete(worker.name)
    state.analysing.delete(worker.name)
  }
  const giveUp = (worker: Worker, error: RollcallError): Observable<Seen> => {
    log.error({ process: worker.name, error: describeError(error) }, 'vision process gave up')
    parts.onFatal(error)
    return from(camerasOver(worker.cameras, error, over, atMs))
  }
  const died = (worker: Worker, { exit, restartInMs, affected }: Died): Observable<Seen> => {
    gone(worker)
    metrics.visionDeaths.inc({ how: howOf(exit) })
    parts.captures.lost(worker.cameras)
    const lost = affected.filter(({ fate }) => fate === 'given up')
    if (lost.length > 0) return giveUp({ ...worker, cameras: lost.map(({ camera }) => camera) }, notRead(lost, exit))
    if (restartInMs === null) return EMPTY
    metrics.visionRestarts.inc()
    const cameras = affected.map(({ camera }) => camera)
    log.error({ process: worker.name, cameras, restartInMs }, `vision process ${describeExit(exit)}; a new one starts`)
    for (const { camera, fate } of affected) if (fate === 'quarantined') metrics.cameraQuarantined.set({ camera }, 1)
    return from(affected.map((each) => change(each.camera, waiting(each, exit, atMs(each.camera)))))
  }

  return ({ from: worker, message }) => {
    switch (message.type) {
      case 'faces': {
        const { faces } = message
        if (isRepeated(faces)) {
          worker.send({ type: 'ack', camera: faces.camera })
          return EMPTY
        }
        latest.set(faces.camera, faces)
        return of(message)
      }
      case 'change':
        if (message.change.state === 'ended') over.add(message.change.camera)
        else over.delete(message.change.camera)
        return of(message)
      case 'picture': {
        const frame = frames.find(message.stamp)
        if (frame) parts.publishPicture({ frame, jpeg: message.jpeg })
        return EMPTY
      }
      case 'unit':
        parts.publishUnit(message.unit)
        return EMPTY
      case 'noVideo':
        parts.publishNoVideo(message.camera, message.reason)
        return EMPTY
      case 'crop':
        parts.keepCrop(message.crop)
        return EMPTY
      case 'warning':
        parts.onWarning(message.level, message.fields, message.message)
        return EMPTY
      case 'captured':
        parts.captures.answered(message)
        return EMPTY
      case 'metrics':
        state.metrics.set(worker.name, metricsOfPresent(message.metrics, parts.hasCamera))
        status.metrics(worker.name, message.metrics)
        parts.figures.metrics(worker.name, state.metrics.get(worker.name) ?? [])
        forgetRemoved()
        return EMPTY
      case 'started':
        gone(worker)
        state.running.set(worker.name, message.pid)
        worker.send({ type: 'watch', ...parts.watched() })
        tellLevel(worker, parts.logLevel())
        return EMPTY
      case 'ready':
        state.analysing.add(worker.name)
        for (const camera of worker.cameras) metrics.cameraQuarantined.remove({ camera })
        return EMPTY
      case 'over':
        // Its counts stay, unless nobody can ask for them: its cameras were removed.
        if (worker.cameras.length === 0) {
          gone(worker)
          state.metrics.delete(worker.name)
        }
        return EMPTY
      case 'beat':
      case 'done':
        return EMPTY
      case 'fatal': {
        gone(worker)
        const { code, message: words, remedy } = message
        return giveUp(worker, new RollcallError(code, words, remedy === undefined ? {} : { remedy }))
      }
      case 'moved': {
        const { camera, reason } = message
        log.error({ process: worker.name, camera, reason }, 'a camera is stuck: it gets a vision process of its own')
        return of(change(camera, { state: away, atMs: atMs(camera), reason, code: 'CAMERA_STALLED' }))
      }
      case 'died':
        return died(worker, message)
    }
  }
}

const tellLevel = (worker: Worker, level: string | null): void => {
  if (level !== null) worker.send({ type: 'log', level })
}

/** The label `how` of the metric. */
const howOf = ({ failure, hung, signal }: Exit): 'not started' | 'hung' | 'killed' | 'crashed' => {
  if (failure !== null) return 'not started'
  if (hung !== null) return 'hung'
  return signal === 'SIGKILL' || signal === 'SIGTERM' ? 'killed' : 'crashed'
}

const change = (camera: CameraId, what: Omit<CameraChange, 'camera'>): Seen => ({
  type: 'change',
  change: { camera, ...what },
})

const times = (count: number): string => (count === 1 ? '' : ` (${count} times in ten minutes)`)

const recording = 'convert the recording to H.264 with 8 bits, or leave it out; and report it with the log'
const stream = 'let the camera send another format or a smaller picture, and report it with the log'

/** A camera that waits for a new process, and why. */
const offline = ({ fate, deaths, retryInMs }: Affected, exit: Exit, atMs: number): Omit<CameraChange, 'camera'> => {
  const what = `its vision process ${describeExit(exit)}`
  const wait = { state: 'offline', atMs, ...(retryInMs !== null && { retryInMs }) } as const
  if (fate !== 'quarantined') return { ...wait, reason: what, code: 'PIPELINE' satisfies ErrorCode }
  const pause = `${Math.round((retryInMs ?? 0) / 1000)} s`
  const reason = `${what}, also with this camera alone${times(deaths)}: it is tried again in ${pause} — ${stream}`
  return { ...wait, reason, code: 'CAMERA_QUARANTINED' satisfies ErrorCode }
}

const notRead = (lost: readonly Affected[], exit: Exit): RollcallError => {
  const cameras = lost.map(({ camera }) => camera).join(', ')
  const code = exit.failure === null ? 'CAMERA_QUARANTINED' : 'PIPELINE'
  const how = `its vision process ${describeExit(exit)}${times(lost[0]?.deaths ?? 1)}`
  return new RollcallError(code, `${cameras} was not read to its end: ${how}`, {
    remedy: exit.failure === null ? recording : 'free memory, processes or descriptors, and start again',
  })
}

/** Cameras that are given up count as ended, so that nothing waits for them while others go on. */
const camerasOver = (
  cameras: readonly CameraId[],
  error: RollcallError,
  over: ReadonlySet<CameraId>,
  atMs: (camera: CameraId) => MediaMs,
): readonly Seen[] => {
  const { code, message, remedy } = error
  const reason = remedy ? `${message} — ${remedy}` : message
  return cameras
    .filter((camera) => !over.has(camera))
    .map((camera) => change(camera, { state: 'ended', atMs: atMs(camera), reason, code }))
}
