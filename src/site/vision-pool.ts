import { interval, Observable } from 'rxjs'
import type { Config } from '../config/config.ts'
import type { Exit } from '../ipc/child.ts'
import type { Stuck, ToVision } from '../ipc/messages.ts'
import type { FromSupervised } from '../ipc/supervise.ts'
import type { CameraId } from '../types.ts'
import type { WorkerStart } from '../worker/worker.ts'
import { assignCameras, freeHome, placeFor } from './assign-cameras.ts'
import { outOfMemoryKills } from './out-of-memory.ts'
import { countProcesses, thisMachine } from './process-count.ts'
import { recentDeaths } from './suspects.ts'
import { type Affected, judge, type Verdict } from './verdict.ts'
import {
  createProgress,
  type Group,
  type GroupOptions,
  groupMaker,
  noteDeath,
  rejoin,
  remember,
} from './vision-group.ts'

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
/** Processes that splitting may add, or as many as there were if that is more: each takes memory for its models. */
const LEAST_SPLITS = 2

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
  const { untilEnd, scheduler, mayStay = () => false } = options
  let config = given
  const groups = new Set<Group>()
  const owners = new Map<CameraId, Group>()
  const progress = createProgress()
  const elapsedMs = scheduler ? () => scheduler.now() : () => performance.now()
  let launch = (_group: Group): void => {}
  let finish = (): void => {}
  let isStopping = false
  const own = (group: Group): void => {
    for (const camera of group.cameras) owners.set(camera, group)
  }
  const make = groupMaker(() => config, options, progress)
  const { processes, short } = countProcesses(config, thisMachine())

  const maySplit = (): boolean => {
    const others = [...groups].filter(({ name, home, isWaiting }) => name !== home && !isWaiting)
    const homes = new Set([...groups].map(({ home }) => home)).size
    return !isStopping && others.length < Math.max(LEAST_SPLITS, homes)
  }
  const split = (group: Group, suspects: readonly CameraId[]): void => {
    const others = group.cameras.filter((camera) => !suspects.includes(camera))
    Object.assign(group, { cameras: others, deaths: [], isSuspect: true })
    launch(make(group.home, suspects, onDeath, true))
  }
  const onDeath = (group: Group, exit: Exit, backoffMs: number, livedMs: number): number | null => {
    const nowMs = elapsedMs()
    const cameras = group.cameras.filter((camera) => !progress.over.has(camera))
    noteDeath(group, exit, nowMs, options.outOfMemoryKills ?? outOfMemoryKills)
    group.cameras = cameras
    const found = { exit, nowMs, livedMs, untilEnd, maySplit: maySplit(), guiltyBefore: progress.guilty }
    const verdict: Verdict = cameras.length === 0 ? { action: 'give up' } : judge({ ...group, ...found })
    const deaths = recentDeaths(group.deaths, nowMs).length
    const restartInMs = carryOut(group, verdict, { backoffMs, guilty: progress.guilty, split })
    const fate = fateOf[verdict.action]
    group.affected = cameras.map((camera) => ({ camera, fate, retryInMs: restartInMs, deaths }))
    return restartInMs
  }

  /** Nothing but a new process frees the thread of a decoder that never returns. The others keep the old process. */
  const help = (group: Group, { camera, reason }: Stuck): FromWorker | null => {
    const cameras = group.cameras.filter((each) => !progress.over.has(each))
    if (owners.get(camera) !== group || !cameras.includes(camera)) return null
    if (cameras.length === 1) group.kill(reason)
    else if (maySplit()) {
      group.cameras = cameras.filter((each) => each !== camera)
      launch(make(group.home, [camera], onDeath, true))
      group.send({ type: 'drop', camera })
      return { type: 'moved', camera, reason }
    }
    return null
  }

  /** Lost while no process runs: the next one begins with it. */
  const give = (group: Group, camera: CameraId): void => {
    if (!group.cameras.includes(camera)) group.cameras = [...group.cameras, camera]
    owners.set(camera, group)
    group.doing.delete(camera)
    group.send({ type: 'open', start: group.startWith([camera]) })
  }

  const messages$ = new Observable<WorkerMessage>((subscriber) => {
    launch = (group) => {
      groups.add(group)
      own(group)
      const next = (message: FromSupervised): void => {
        if (isStale(group, message, owners)) return
        remember(group, message, elapsedMs())
        progress.note(message)
        for (const stuck of message.type === 'beat' ? message.stuck : []) {
          const moved = help(group, stuck)
          if (moved) subscriber.next({ from: group, message: moved })
        }
        const affected = group.affected
        subscriber.next({ from: group, message: message.type === 'died' ? { ...message, affected } : message })
      }
      const complete = (): void => {
        groups.delete(group)
        subscriber.next({ from: group, message: { type: 'over' } })
        // It ended by itself just when it got one more camera.
        const left = group.cameras.filter((camera) => owners.get(camera) === group && !progress.over.has(camera))
        if (group.isUsable && left.length > 0 && !isStopping) launch(make(group.home, left, onDeath, false))
        else if (groups.size === 0) finish()
      }
      subscriber.add(group.messages$.subscribe({ next, complete }))
    }
    finish = () => {
      if (isStopping || !mayStay()) subscriber.complete()
    }
    if (short !== null) options.log.warn({}, short)
    const shares = assignCameras(Object.keys(config.cameras), processes)
    const homes = shares.map((cameras, i) => make(`vision-${i + 1}`, cameras, onDeath, false))
    // All at once, so that the first to complete is not taken for the last.
    for (const group of homes) groups.add(group)
    for (const group of homes) if (isStopping) group.stop()
    for (const group of homes) launch(group)
    if (homes.length === 0) finish()
    if (untilEnd) return undefined
    return interval(REJOIN_EVERY_MS, scheduler).subscribe(() => {
      for (const group of rejoin([...groups], elapsedMs(), progress.guilty)) own(group)
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
    open: (camera, cameraOptions) => {
      config = { ...config, cameras: { ...config.cameras, [camera]: cameraOptions } }
      progress.forget(camera)
      const owner = owners.get(camera)
      const group =
        owner?.cameras.includes(camera) === true && groups.has(owner)
          ? owner
          : placeFor([...groups], processes, progress.over)
      if (group === null) launch(make(freeHome([...groups]), [camera], onDeath, false))
      else give(group, camera)
    },
    close: (camera) => {
      const { [camera]: _, ...cameras } = config.cameras
      config = { ...config, cameras }
      const group = owners.get(camera)
      progress.forget(camera)
      if (!owners.delete(camera) || group === undefined) return false
      group.cameras = group.cameras.filter((each) => each !== camera)
      group.doing.delete(camera)
      if (group.cameras.length === 0) group.stop()
      else group.send({ type: 'drop', camera })
      return true
    },
    stop: () => {
      isStopping = true
      for (const group of groups) group.stop()
      if (groups.size === 0) finish()
    },
  }
}

const fateOf = { again: 'again', split: 'again', quarantine: 'quarantined', 'give up': 'given up' } as const

/** Changes the group as the verdict says. Returns milliseconds until its process starts again, or null. */
const carryOut = (
  group: Group,
  verdict: Verdict,
  parts: {
    readonly backoffMs: number
    readonly guilty: Set<CameraId>
    readonly split: (group: Group, suspects: readonly CameraId[]) => void
  },
): number | null => {
  switch (verdict.action) {
    case 'again':
      return parts.backoffMs
    case 'split':
      parts.split(group, verdict.suspects)
      return parts.backoffMs
    case 'quarantine':
      for (const camera of group.cameras) parts.guilty.add(camera)
      group.quarantines = verdict.quarantines
      group.isWaiting = true
      return verdict.pauseMs
    case 'give up':
      // It is not started again for the cameras that it had.
      if (group.cameras.length > 0) group.isUsable = false
      return null
  }
}

/** Whether a message is of a camera that another process has by now, or only says that the process is being replaced. */
const isStale = (group: Group, message: FromSupervised, owners: ReadonlyMap<CameraId, Group>): boolean => {
  if (message.type === 'faces') return owners.get(message.faces.camera) !== group
  if (message.type !== 'change') return false
  return owners.get(message.change.camera) !== group || (group.isLeaving && message.change.state === 'ended')
}
