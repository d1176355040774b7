import { interval, Observable, type Subscriber } from 'rxjs'
import type { Config } from '../config/config.ts'
import type { Exit } from '../ipc/child.ts'
import type { ToVision } from '../ipc/messages.ts'
import type { FromSupervised } from '../ipc/supervise.ts'
import type { CameraId } from '../types.ts'
import type { WorkerStart } from '../worker/worker.ts'
import { assignCameras, freeHome, placeFor } from './assign-cameras.ts'
import type { TestedCamera } from './cameras/test-camera.ts'
import { freeStuck, judgeDeaths } from './pool-deaths.ts'
import { createPoolState, own, type PoolState } from './pool-state.ts'
import { countProcesses, thisMachine } from './process-count.ts'
import type { Affected } from './verdict.ts'
import { type Group, type GroupOptions, rejoin, remember } from './vision-group.ts'

/** One vision process that is kept running, and its cameras. */
export type Worker = Readonly<Pick<Group, 'name' | 'cameras' | 'isWaiting' | 'send' | 'silentMs'>>

/** A message of a worker, or what becomes of its cameras now that its process has died. */
export type FromWorker =
  | Exclude<FromSupervised, { readonly type: 'died' }>
  | {
      readonly type: 'died'
      readonly exit: Exit
      readonly restartInMs: number | null
      readonly affected: readonly Affected[]
    }
  /** The camera gets a process of its own, because it made no progress in the one it had. */
  | { readonly type: 'moved'; readonly camera: CameraId; readonly reason: string }
  /** No process of this worker will run again. */
  | { readonly type: 'over' }

/** A message and the worker that sent it. */
export interface WorkerMessage {
  readonly from: Worker
  readonly message: FromWorker
}

/** The vision processes of a site. */
export interface VisionPool {
  /** Those that run, are about to be started, or wait for the end of a quarantine. */
  readonly workers: () => readonly Worker[]
  /**
   * The messages of all workers; those of one worker are in order. Completes when all workers have ended, and `mayStay`
   * does not say that cameras may still come; then with `stop`.
   */
  readonly messages$: Observable<WorkerMessage>
  /** Undefined for a camera that no process has. */
  workerOf(camera: CameraId): Worker | undefined
  /**
   * Gives a camera to the process with the fewest, or to a new one while there are less than there may be. One of the same
   * name is replaced in the process that it has. No other camera notices.
   */
  open(camera: CameraId, options: Config['cameras'][string]): void
  /** Takes a camera away from its process; what was under way of it is dropped. False when no process has it. */
  close(camera: CameraId): boolean
  /** Sends a message to every worker that runs. */
  send(message: ToVision<WorkerStart>): void
  /** Why no faces come, for `/readyz`, where they come from other machines. */
  readonly reasons?: () => readonly string[]
  /** Whether faces from other machines come to this process, and to no other. */
  readonly isOwner?: () => boolean
  /** Has a camera opened for seconds by a process elsewhere; null when none can be asked. Left out where this machine has them. */
  readonly test?: (camera: CameraId, options: Config['cameras'][string]) => Promise<TestedCamera> | null
  /** Ends every worker; `messages$` completes within seconds, whatever they do. */
  readonly stop: () => void
}

/** How the pool is run. */
export interface PoolOptions extends GroupOptions {
  /** Whether the pool goes on when no process is left, because cameras may still come. It does not when left out. */
  readonly mayStay?: () => boolean
}

/** How often the pool looks whether cameras that were kept apart may share a process again. */
const REJOIN_EVERY_MS = 60_000

/**
 * Prepares the vision processes that share the configured cameras. Subscribing to `messages$` starts them, once.
 *
 *   vision-1: a b c d ──dies twice──▶ vision-1: c d    vision-1.1: a b ──dies──▶ vision-1.1: b    vision-1.2: a
 *                                                                                     dies twice: quarantine
 *
 * A process that dies again and again is split until one camera is left (`judge`). What has lived for ten minutes
 * shares a process again. Cameras come and go while it runs.
 */
export const createVisionPool = (given: Config, options: PoolOptions): VisionPool => {
  const { untilEnd, scheduler, log, mayStay = () => false } = options
  const { processes, short } = countProcesses(given, thisMachine())
  const pool = createPoolState(given, options, judgeDeaths(options))
  const { groups, owners } = pool
  const messages$ = new Observable<WorkerMessage>((subscriber) => {
    pool.launch = (group) => launch(pool, group, subscriber)
    pool.finish = () => {
      if (pool.isStopping || !mayStay()) subscriber.complete()
    }
    if (short !== null) log.warn({}, short)
    launchHomes(pool, processes)
    if (untilEnd) return undefined
    return interval(REJOIN_EVERY_MS, scheduler).subscribe(() => {
      for (const group of rejoin([...groups], pool.elapsedMs(), pool.progress.guilty)) own(pool, group)
    })
  })
  return {
    messages$,
    // One without cameras only ends.
    workers: () => [...groups].filter(({ cameras }) => cameras.length > 0),
    workerOf: (camera) => owners.get(camera),
    send: (message) => {
      for (const group of groups) group.send(message)
    },
    open: (camera, cameraOptions) => openCamera(pool, processes, camera, cameraOptions),
    close: (camera) => closeCamera(pool, camera),
    stop: () => {
      pool.isStopping = true
      for (const group of groups) group.stop()
      if (groups.size === 0) pool.finish()
    },
  }
}

/** Starts the processes of the configuration. */
const launchHomes = (pool: PoolState, processes: number): void => {
  const { groups, isStopping } = pool
  const shares = assignCameras(Object.keys(pool.config.cameras), processes)
  const homes = shares.map((cameras, i) => pool.make(`vision-${i + 1}`, cameras, false))
  // All at once, so that the first to complete is not taken for the last.
  for (const group of homes) groups.add(group)
  for (const group of homes) if (isStopping) group.stop()
  for (const group of homes) pool.launch(group)
  if (homes.length === 0) pool.finish()
}

/** Starts a group's process and passes on what it says, until it ends for good. */
const launch = (pool: PoolState, group: Group, subscriber: Subscriber<WorkerMessage>): void => {
  const { groups, owners, progress } = pool
  groups.add(group)
  own(pool, group)
  const say = (message: FromWorker): void => subscriber.next({ from: group, message })
  const next = (message: FromSupervised): void => {
    if (isStale(group, message, owners)) return
    remember(group, message, pool.elapsedMs())
    progress.note(message)
    for (const stuck of message.type === 'beat' ? message.stuck : [])
      if (freeStuck(pool, group, stuck)) say({ type: 'moved', ...stuck })
    say(message.type === 'died' ? { ...message, affected: group.affected } : message)
  }
  const complete = (): void => {
    groups.delete(group)
    say({ type: 'over' })
    // It ended by itself just when it got one more camera.
    const left = group.cameras.filter((camera) => owners.get(camera) === group && !progress.over.has(camera))
    if (group.isUsable && left.length > 0 && !pool.isStopping) pool.launch(pool.make(group.home, left, false))
    else if (groups.size === 0) pool.finish()
  }
  subscriber.add(group.messages$.subscribe({ next, complete }))
}

/** Gives a camera to the process that has it, or to the best place for a new one. */
const openCamera = (pool: PoolState, processes: number, camera: CameraId, options: Config['cameras'][string]): void => {
  const { groups, owners, progress } = pool
  pool.config = { ...pool.config, cameras: { ...pool.config.cameras, [camera]: options } }
  progress.forget(camera)
  const owner = owners.get(camera)
  const isOwned = owner?.cameras.includes(camera) === true && groups.has(owner)
  const group = isOwned ? owner : placeFor([...groups], processes, progress.over)
  if (group === null) {
    pool.launch(pool.make(freeHome([...groups]), [camera], false))
    return
  }
  if (!group.cameras.includes(camera)) group.cameras = [...group.cameras, camera]
  owners.set(camera, group)
  group.doing.delete(camera)
  // Lost while no process runs: the next one begins with it.
  group.send({ type: 'open', start: group.startWith([camera]) })
}

/** Takes a camera away from the process that has it; false when none has. */
const closeCamera = (pool: PoolState, camera: CameraId): boolean => {
  const { [camera]: _, ...cameras } = pool.config.cameras
  pool.config = { ...pool.config, cameras }
  const group = pool.owners.get(camera)
  pool.progress.forget(camera)
  if (!pool.owners.delete(camera) || group === undefined) return false
  group.cameras = group.cameras.filter((each) => each !== camera)
  group.doing.delete(camera)
  if (group.cameras.length === 0) group.stop()
  else group.send({ type: 'drop', camera })
  return true
}

/** Whether a message is of a camera that another process has by now, or only says that the process is being replaced. */
const isStale = (group: Group, message: FromSupervised, owners: ReadonlyMap<CameraId, Group>): boolean => {
  if (message.type === 'faces') return owners.get(message.faces.camera) !== group
  if (message.type !== 'change') return false
  return owners.get(message.change.camera) !== group || (group.isLeaving && message.change.state === 'ended')
}
