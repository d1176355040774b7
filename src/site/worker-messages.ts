import { EMPTY, type Observable, of } from 'rxjs'
import type { OnWarning } from '../config/log.ts'
import type { RollcallError } from '../errors.ts'
import { type Metrics, type MetricsJson, metricsOfPresent } from '../metrics.ts'
import type { Seen } from '../operators/identify.ts'
import type { FramePicture } from '../sinks/websocket/protocol.ts'
import type { CameraId, FaceCrop, Faces, Log, MediaMs, VideoUnit, VideoWish } from '../types.ts'
import type { Figures } from './cameras/camera-figures.ts'
import type { Captures } from './captures.ts'
import type { RecentFrames } from './recent-frames.ts'
import type { SiteStatus } from './status.ts'
import type { FromWorker, Worker, WorkerMessage } from './vision-pool.ts'
import { createWorkerLives } from './worker-lives.ts'

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

/**
 * Emits faces and changes of cameras, in order. Deals with every other message of a worker itself, and then emits
 * nothing. What a process reads once more, because the one before has died, is acknowledged and not emitted.
 */
export const createWorkerMessages = (parts: WorkerMessageParts): ((message: WorkerMessage) => Observable<Seen>) => {
  const records = createRecords(parts)
  const lives = createWorkerLives(parts, records)
  return ({ from: worker, message }) => {
    switch (message.type) {
      case 'faces':
        return records.faces(worker, message)
      case 'change':
        return records.change(message)
      case 'metrics':
        takeMetrics(worker, message.metrics, parts)
        records.forgetRemoved()
        return EMPTY
      case 'fatal':
        return lives.fatal(worker, message)
      case 'moved':
        return lives.moved(worker, message)
      case 'died':
        return lives.died(worker, message)
      case 'started':
        lives.started(worker, message.pid)
        return EMPTY
      case 'ready':
        lives.ready(worker)
        return EMPTY
      case 'over':
        lives.over(worker)
        return EMPTY
      default:
        passOn(message, parts)
        return EMPTY
    }
  }
}

/** Gives what is no event to who shows or keeps it. */
const passOn = (message: FromWorker, parts: WorkerMessageParts): void => {
  switch (message.type) {
    case 'picture':
      parts.frames.when(message.stamp, (frame) => parts.publishPicture({ frame, jpeg: message.jpeg }))
      break
    case 'unit':
      parts.publishUnit(message.unit)
      break
    case 'noVideo':
      parts.publishNoVideo(message.camera, message.reason)
      break
    case 'crop':
      parts.keepCrop(message.crop)
      break
    case 'warning':
      parts.onWarning(message.level, message.fields, message.message)
      break
    case 'captured':
      parts.captures.answered(message)
      break
    // `beat` and `done` are for the supervision only, `dropped` for who places cameras.
  }
}

const takeMetrics = (worker: Worker, metrics: MetricsJson, parts: WorkerMessageParts): void => {
  const present = metricsOfPresent(metrics, parts.hasCamera)
  parts.state.metrics.set(worker.name, present)
  parts.status.metrics(worker.name, metrics)
  parts.figures.metrics(worker.name, present)
}

/** The last record of each camera, by which repeats are known. */
export interface Records {
  faces(worker: Worker, message: Extract<Seen, { readonly type: 'faces' }>): Observable<Seen>
  change(message: Extract<Seen, { readonly type: 'change' }>): Observable<Seen>
  /** Cameras whose recording has ended. */
  readonly over: ReadonlySet<CameraId>
  /** The time up to which a camera was seen. */
  atMs(camera: CameraId): MediaMs
  /** Cameras that are no longer there. */
  forgetRemoved(): void
}

const createRecords = ({ untilEnd, nowMs, hasCamera }: WorkerMessageParts): Records => {
  const over = new Set<CameraId>()
  const latest = new Map<CameraId, Faces>()
  const isRepeated = ({ camera, stream, seq }: Faces): boolean => {
    const last = latest.get(camera)
    return last !== undefined && last.stream === stream && seq <= last.seq
  }
  return {
    over,
    atMs: (camera) => (untilEnd ? (latest.get(camera)?.capturedAtMs ?? 0) : nowMs()),
    faces: (worker, message) => {
      const { faces } = message
      if (isRepeated(faces)) {
        worker.send({ type: 'ack', camera: faces.camera })
        return EMPTY
      }
      latest.set(faces.camera, faces)
      return of(message)
    },
    change: (message) => {
      const { camera, state } = message.change
      if (state === 'ended') over.add(camera)
      else over.delete(camera)
      return of(message)
    },
    forgetRemoved: () => {
      for (const camera of latest.keys()) if (!hasCamera(camera)) latest.delete(camera)
    },
  }
}
