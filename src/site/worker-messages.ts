import { EMPTY, from, type Observable, of } from 'rxjs'
import { describeError, RollcallError } from '../errors.ts'
import { describeExit, type Exit } from '../ipc/child.ts'
import type { Metrics, MetricsJson } from '../metrics.ts'
import type { Seen } from '../operators/identify.ts'
import type { FramePicture } from '../sinks/websocket/protocol.ts'
import type { CameraChange, CameraId, Log } from '../types.ts'
import type { RecentFrames } from './recent-frames.ts'
import type { SiteStatus } from './status.ts'
import type { Worker, WorkerMessage } from './vision-pool.ts'

/** What the workers last said, by worker name. Updated by `createWorkerMessages`. */
export interface WorkersState {
  /** Process IDs of the workers that run. */
  readonly running: Map<string, number>
  /** The newest metrics of each. */
  readonly metrics: Map<string, MetricsJson>
}

/** Who is told what a worker says. */
export interface WorkerMessageParts {
  readonly state: WorkersState
  readonly status: SiteStatus
  readonly frames: RecentFrames
  readonly metrics: Pick<Metrics, 'visionRestarts'>
  /** True for recordings, whose time is not that of our clock. */
  readonly untilEnd: boolean
  /** The cameras that somebody watches right now. */
  readonly watched: () => readonly CameraId[]
  readonly publishPicture: (picture: FramePicture) => void
  /** A worker cannot work at all, or may not be started again. */
  readonly onFatal: (error: RollcallError) => void
  readonly nowMs: () => number
  readonly log: Log
}

/**
 * Emits faces and changes of cameras, in order. Deals with every other message of a worker itself, and then emits
 * nothing.
 */
export const createWorkerMessages = (parts: WorkerMessageParts): ((message: WorkerMessage) => Observable<Seen>) => {
  const { state, status, frames } = parts
  /** Cameras whose recording has ended. */
  const over = new Set<CameraId>()
  const giveUp = (worker: Worker, error: RollcallError): Observable<Seen> => {
    parts.log.error({ process: worker.name, error: describeError(error) }, 'vision process gave up')
    parts.onFatal(error)
    return from(camerasOver(worker, error, over, parts.untilEnd ? 0 : parts.nowMs()))
  }

  return ({ from: worker, message }) => {
    switch (message.type) {
      case 'faces':
        return of(message)
      case 'change':
        if (message.change.state === 'ended') over.add(message.change.camera)
        return of(message)
      case 'picture': {
        const frame = frames.find(message.stamp)
        if (frame) parts.publishPicture({ frame, jpeg: message.jpeg })
        return EMPTY
      }
      case 'metrics':
        state.metrics.set(worker.name, message.metrics)
        status.metrics(worker.name, message.metrics)
        return EMPTY
      case 'started':
        state.running.set(worker.name, message.pid)
        worker.send({ type: 'watch', cameras: parts.watched() })
        return EMPTY
      case 'fatal': {
        state.running.delete(worker.name)
        const { code, message: words, remedy } = message
        return giveUp(worker, new RollcallError(code, words, remedy === undefined ? {} : { remedy }))
      }
      case 'died': {
        state.running.delete(worker.name)
        const { exit, restartInMs } = message
        if (restartInMs === null) return giveUp(worker, notReadToTheEnd(worker, exit))
        parts.log.error({ process: worker.name, restartInMs }, `vision process ${describeExit(exit)}; a new one starts`)
        parts.metrics.visionRestarts.inc()
        return from(camerasOffline(worker, exit, restartInMs, parts.nowMs()))
      }
    }
  }
}

const notReadToTheEnd = (worker: Worker, exit: Exit): RollcallError =>
  new RollcallError('PIPELINE', `${worker.name} ${describeExit(exit)} before its recordings were read to their end`)

const change = (camera: CameraId, what: Omit<CameraChange, 'camera'>): Seen => ({
  type: 'change',
  change: { camera, ...what },
})

/** The cameras of a worker that gave up count as ended, so that nothing waits for them while other workers go on. */
const camerasOver = (
  { cameras }: Worker,
  { code, message: reason }: RollcallError,
  over: ReadonlySet<CameraId>,
  atMs: number,
): readonly Seen[] =>
  cameras.filter((camera) => !over.has(camera)).map((camera) => change(camera, { state: 'ended', atMs, reason, code }))

const camerasOffline = ({ cameras }: Worker, exit: Exit, retryInMs: number, atMs: number): readonly Seen[] => {
  const reason = `its vision process ${describeExit(exit)}`
  return cameras.map((camera) => change(camera, { state: 'offline', atMs, reason, code: 'PIPELINE', retryInMs }))
}
