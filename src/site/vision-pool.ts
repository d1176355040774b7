import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { map, merge, type Observable, type SchedulerLike } from 'rxjs'
import type { Config } from '../config/config.ts'
import { type FromSupervised, type Supervised, supervise } from '../ipc/supervise.ts'
import type { CameraId, Log, RecordingsRead } from '../types.ts'
import type { WorkerStart } from '../worker/worker.ts'

/** One vision process and its share of the cameras. */
export interface Worker extends Supervised<WorkerStart> {
  readonly name: string
  readonly cameras: readonly CameraId[]
}

/** A message and the worker that sent it. */
export interface WorkerMessage {
  readonly from: Worker
  readonly message: FromSupervised
}

/** The vision processes of a site. */
export interface VisionPool {
  readonly workers: readonly Worker[]
  /** The messages of all workers; those of one worker are in order. Completes when all workers have ended. */
  readonly messages$: Observable<WorkerMessage>
  /** Undefined for a camera that is not configured. */
  workerOf(camera: CameraId): Worker | undefined
}

/** How long a vision process may take to close its cameras and finish its batch before it is killed. */
const STOP_WITHIN_MS = 5_000

/**
 * Assigns cameras to processes in turn, so that shares differ by at most one. Makes no empty share: there may be fewer
 * than `processes`.
 */
export const assignCameras = (cameras: readonly CameraId[], processes: number): CameraId[][] =>
  Array.from({ length: Math.min(processes, cameras.length) }, (_, i) => cameras.filter((_, j) => j % processes === i))

/** One process for each core on CPUs; on a GPU one process takes all cameras, in one batch. */
const howMany = ({ vision, models }: Config): number => {
  if (vision.processes !== 'auto') return vision.processes
  const mayUseGpu = models.providers === 'auto' || models.providers.some((provider) => provider !== 'cpu')
  return mayUseGpu && existsSync('/dev/nvidia0') ? 1 : availableParallelism()
}

/** How the vision processes are run. */
export interface VisionPoolOptions {
  /** True for recordings: a process that dies is not started again. */
  readonly untilEnd: boolean
  /** Recordings that were read to their end before; none when left out. */
  readonly recordingsRead?: RecordingsRead
  readonly log: Log
  /** What each process runs; `src/worker/worker.ts` when left out. */
  readonly entry?: URL
  /** For restarts and stopping; the real clock when left out. */
  readonly scheduler?: SchedulerLike
}

/** Prepares the vision processes that share the configured cameras. Subscribing to `messages$` starts them. */
export const createVisionPool = (config: Config, options: VisionPoolOptions): VisionPool => {
  const {
    entry = new URL('../worker/worker.ts', import.meta.url),
    untilEnd,
    recordingsRead = {},
    log,
    scheduler,
  } = options
  const workers = assignCameras(Object.keys(config.cameras), howMany(config)).map((cameras, i): Worker => {
    const name = `vision-${i + 1}`
    const start = { config, cameras, name, untilEnd, recordingsRead }
    return {
      name,
      cameras,
      ...supervise({
        entry,
        name,
        start,
        restart: !untilEnd,
        stopWithinMs: STOP_WITHIN_MS,
        log,
        ...(scheduler && { scheduler }),
      }),
    }
  })
  const owners = new Map(workers.flatMap((worker) => worker.cameras.map((camera) => [camera, worker] as const)))
  return {
    workers,
    workerOf: (camera) => owners.get(camera),
    messages$: merge(...workers.map((from) => from.messages$.pipe(map((message) => ({ from, message }))))),
  }
}
