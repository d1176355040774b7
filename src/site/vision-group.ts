import type { SchedulerLike } from 'rxjs'
import type { Config } from '../config/config.ts'
import type { Exit } from '../ipc/child.ts'
import { type FromSupervised, type Supervised, supervise } from '../ipc/supervise.ts'
import type { CameraId, CameraState, Log, RecordingsRead, StreamId } from '../types.ts'
import type { WorkerStart } from '../worker/worker.ts'
import { outOfMemoryKills } from './out-of-memory.ts'
import { type Death, deathWeight, recentDeaths } from './suspects.ts'
import type { Affected } from './verdict.ts'

/** Cameras that share a vision process, and what is known about its deaths. Changed by the pool that owns it. */
export interface Group extends Supervised<WorkerStart> {
  readonly name: string
  /** The process that its cameras had at first, by name. */
  readonly home: string
  cameras: readonly CameraId[]
  /** What each camera was last said to do, in this process. */
  readonly doing: Map<CameraId, { readonly state: CameraState; readonly atMs: number }>
  deaths: readonly Death[]
  /** Whether it was made, or left over, when a process was split. Then one crash more is enough to split it again. */
  isSuspect: boolean
  /** Quarantines in a row, each after a short life. */
  quarantines: number
  /** Whether it waits for the end of a quarantine, so that no process runs. */
  isWaiting: boolean
  /** Whether its process is being replaced in good order. */
  isLeaving: boolean
  startedAtMs: number
  /** What the kernel had counted when the process started. */
  outOfMemoryKills: number | null
  /** Starts that failed, in a row. */
  failedStarts: number
  /** What became of its cameras after its last death. */
  affected: readonly Affected[]
  /** False once it cannot work at all: it has no model. */
  isUsable: boolean
  /** What a process is told to begin with these cameras. */
  readonly startWith: (cameras: readonly CameraId[]) => WorkerStart
}

/** How long a vision process may take to close its cameras and finish its batch before it is killed. */
const STOP_WITHIN_MS = 5_000

/** How the vision processes are run. */
export interface GroupOptions {
  /**
   * True for recordings: a process that died reads them from their beginning again. What was seen before comes again,
   * with the same streams and numbers.
   */
  readonly untilEnd: boolean
  /** Recordings that were read to their end before; none when left out. */
  readonly recordingsRead?: RecordingsRead
  readonly log: Log
  /** What each process runs; `src/worker/worker.ts` when left out. */
  readonly entry?: URL
  /** For restarts and stopping; the real clock when left out. */
  readonly scheduler?: SchedulerLike
  /** How many processes the kernel has killed for want of memory; read from the kernel when left out. */
  readonly outOfMemoryKills?: () => number | null
}

/** What processes have read so far, for those that go on with it. */
export interface Progress {
  /** Cameras that have ended: no other process opens them. */
  readonly over: ReadonlySet<CameraId>
  /** Cameras that were in quarantine. */
  readonly guilty: Set<CameraId>
  /** The stream of each camera's last record. */
  readonly begun: () => Readonly<Record<CameraId, StreamId>>
  note(message: FromSupervised): void
  /** The camera is another one now, or gone. */
  forget(camera: CameraId): void
}

/** Nothing has been read. */
export const createProgress = (): Progress => {
  const over = new Set<CameraId>()
  const guilty = new Set<CameraId>()
  const begun = new Map<CameraId, StreamId>()
  return {
    over,
    guilty,
    forget: (camera) => {
      over.delete(camera)
      guilty.delete(camera)
      begun.delete(camera)
    },
    begun: () => Object.fromEntries(begun),
    note: (message) => {
      if (message.type === 'faces') begun.set(message.faces.camera, message.faces.stream)
      if (message.type !== 'change') return
      if (message.change.state === 'ended') over.add(message.change.camera)
      else over.delete(message.change.camera)
    },
  }
}

/** Called when a group's process died: milliseconds until a new one starts, null for none. */
export type OnDeath = (group: Group, exit: Exit, backoffMs: number, livedMs: number) => number | null

/** Makes a group and its supervision, with the configuration of the moment at which a process starts; nothing starts before somebody subscribes. */
export const groupMaker = (config: () => Config, options: GroupOptions, { over, begun }: Progress) => {
  const { untilEnd, recordingsRead = {}, log, scheduler } = options
  const { entry = new URL('../worker/worker.ts', import.meta.url), outOfMemoryKills: kills = outOfMemoryKills } =
    options
  const splits = new Map<string, number>()
  return (home: string, cameras: readonly CameraId[], onDeath: OnDeath, isSplit: boolean): Group => {
    const count = isSplit ? (splits.get(home) ?? 0) + 1 : 0
    splits.set(home, count)
    const name = isSplit ? `${home}.${count}` : home
    const startWith = (those: readonly CameraId[]): WorkerStart => {
      const left = those.filter((camera) => !over.has(camera))
      return { config: config(), cameras: left, name, untilEnd, recordingsRead, begun: untilEnd ? begun() : {} }
    }
    const start = (): WorkerStart => {
      group.outOfMemoryKills = kills()
      return startWith(group.cameras)
    }
    const group: Group = {
      ...supervise({
        entry,
        name,
        start,
        next: (exit, backoffMs, livedMs) => onDeath(group, exit, backoffMs, livedMs),
        stopWithinMs: STOP_WITHIN_MS,
        hangAfterMs: config().vision.hangAfterMs,
        log,
        ...(scheduler && { scheduler }),
      }),
      name,
      home,
      cameras,
      doing: new Map(),
      deaths: [],
      isSuspect: isSplit,
      quarantines: 0,
      isWaiting: false,
      isLeaving: false,
      startedAtMs: 0,
      outOfMemoryKills: null,
      failedStarts: 0,
      affected: [],
      isUsable: true,
      startWith,
    }
    return group
  }
}

/** Adds a death to the group. `kills` counts what the kernel has killed for want of memory. */
export const noteDeath = (group: Group, exit: Exit, nowMs: number, kills: () => number | null): void => {
  if (exit.failure !== null) group.failedStarts++
  const outOfMemory = exit.signal === 'SIGKILL' && (kills() ?? 0) > (group.outOfMemoryKills ?? Infinity)
  const doing = new Map([...group.doing].map(([camera, { state, atMs }]) => [camera, { state, sinceMs: nowMs - atMs }]))
  const death = { atMs: nowMs, weight: deathWeight(exit, outOfMemory), doing }
  group.deaths = [...recentDeaths(group.deaths, nowMs), death]
}

/** Notes what the worker said, as far as a verdict may need it. */
export const remember = (group: Group, message: FromSupervised, nowMs: number): void => {
  if (message.type === 'change') {
    const { camera, state } = message.change
    group.doing.set(camera, { state, atMs: nowMs })
  } else if (message.type === 'started') {
    group.doing.clear()
    group.startedAtMs = nowMs
    group.isWaiting = false
    group.isLeaving = false
  } else if (message.type === 'ready') group.failedStarts = 0
  else if (message.type === 'fatal') group.isUsable = false
}

/** A process that was split off and lived this long was not the one that crashes. */
const INNOCENT_AFTER_MS = 10 * 60_000
/** The same for a camera that was in quarantine. */
const FORGIVEN_AFTER_MS = 60 * 60_000

/**
 * Puts the cameras of processes that have lived long enough into one process for each home, and replaces that process.
 * Returns the groups that got cameras.
 */
export const rejoin = (groups: readonly Group[], nowMs: number, guilty: ReadonlySet<CameraId>): readonly Group[] => {
  const lives = (group: Group): boolean => {
    const needed = group.cameras.some((camera) => guilty.has(camera)) ? FORGIVEN_AFTER_MS : INNOCENT_AFTER_MS
    return !group.isWaiting && !group.isLeaving && nowMs - group.startedAtMs >= needed
  }
  return [...new Set(groups.map(({ home }) => home))].flatMap((home) => {
    const [target, ...others] = groups.filter((group) => group.home === home && lives(group))
    if (target === undefined || others.length === 0) return []
    const cameras = [...target.cameras, ...others.flatMap((group) => group.cameras)]
    Object.assign(target, { cameras, deaths: [], isSuspect: false, quarantines: 0, isLeaving: true })
    for (const other of others) other.stop()
    target.restart()
    return [target]
  })
}
