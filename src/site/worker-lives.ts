import { EMPTY, from, type Observable, of } from 'rxjs'
import { describeError, type ErrorCode, RollcallError, withRemedy } from '../errors.ts'
import { describeExit, type Exit } from '../ipc/child.ts'
import type { Seen } from '../operators/identify.ts'
import type { CameraChange, CameraId } from '../types.ts'
import type { Affected } from './verdict.ts'
import type { FromWorker, Worker } from './vision-pool.ts'
import type { Records, WorkerMessageParts } from './worker-messages.ts'

/** What happens to the processes of workers: what it means for their cameras, and who is told. */
export interface WorkerLives {
  started(worker: Worker, pid: number): void
  /** It has loaded its models. */
  ready(worker: Worker): void
  /** No process of it will run again. */
  over(worker: Worker): void
  /** It cannot work at all. */
  fatal(worker: Worker, message: MessageOf<'fatal'>): Observable<Seen>
  moved(worker: Worker, message: MessageOf<'moved'>): Observable<Seen>
  died(worker: Worker, message: MessageOf<'died'>): Observable<Seen>
}

type MessageOf<Type extends FromWorker['type']> = Extract<FromWorker, { readonly type: Type }>

/** Keeps `state` up to date, logs and counts deaths, and says what becomes of the cameras. */
export const createWorkerLives = (parts: WorkerMessageParts, records: Pick<Records, 'over' | 'atMs'>): WorkerLives => {
  const { state, metrics, log } = parts
  // A recording is read again, so its tracks and sightings go on: it is not offline.
  const away = parts.untilEnd ? 'opening' : 'offline'
  const gone = (worker: Worker): void => {
    state.running.delete(worker.name)
    state.analysing.delete(worker.name)
  }
  const giveUp = (name: string, cameras: readonly CameraId[], error: RollcallError): Observable<Seen> => {
    log.error({ process: name, error: describeError(error) }, 'vision process gave up')
    parts.onFatal(error)
    return from(camerasOver(cameras, error, records))
  }
  return {
    started: (worker, pid) => {
      gone(worker)
      state.running.set(worker.name, pid)
      worker.send({ type: 'watch', ...parts.watched() })
      const level = parts.logLevel()
      if (level !== null) worker.send({ type: 'log', level })
    },
    ready: (worker) => {
      state.analysing.add(worker.name)
      for (const camera of worker.cameras) metrics.cameraQuarantined.remove({ camera })
    },
    over: (worker) => {
      // Its counts stay, unless nobody can ask for them: its cameras were removed.
      if (worker.cameras.length > 0) return
      gone(worker)
      state.metrics.delete(worker.name)
    },
    fatal: (worker, { code, message, remedy }) => {
      gone(worker)
      return giveUp(worker.name, worker.cameras, new RollcallError(code, message, { remedy }))
    },
    moved: (worker, { camera, reason }) => {
      log.error({ process: worker.name, camera, reason }, 'a camera is stuck: it gets a vision process of its own')
      return of(change(camera, { state: away, atMs: records.atMs(camera), reason, code: 'CAMERA_STALLED' }))
    },
    died: (worker, { exit, restartInMs, affected }) => {
      gone(worker)
      metrics.visionDeaths.inc({ how: howOf(exit) })
      parts.captures.lost(worker.cameras)
      const lost = affected.filter(({ fate }) => fate === 'given up')
      if (lost.length > 0) return giveUp(worker.name, camerasOf(lost), notRead(lost, exit))
      if (restartInMs === null) return EMPTY
      metrics.visionRestarts.inc()
      const [cameras, how] = [camerasOf(affected), describeExit(exit)]
      log.error({ process: worker.name, cameras, restartInMs }, `vision process ${how}; a new one starts`)
      for (const { camera, fate } of affected) if (fate === 'quarantined') metrics.cameraQuarantined.set({ camera }, 1)
      const waiting = (each: Affected) => ({ ...offline(each, exit, records.atMs(each.camera)), state: away }) as const
      return from(affected.map((each) => change(each.camera, waiting(each))))
    },
  }
}

const camerasOf = (affected: readonly Affected[]): readonly CameraId[] => affected.map(({ camera }) => camera)

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
  const cameras = camerasOf(lost).join(', ')
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
  { over, atMs }: Pick<Records, 'over' | 'atMs'>,
): readonly Seen[] => {
  const { code } = error
  const reason = withRemedy(error)
  return cameras
    .filter((camera) => !over.has(camera))
    .map((camera) => change(camera, { state: 'ended', atMs: atMs(camera), reason, code }))
}
