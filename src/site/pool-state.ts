import type { Config } from '../config/config.ts'
import type { CameraId } from '../types.ts'
import {
  createProgress,
  type Group,
  type GroupOptions,
  groupMaker,
  type OnDeath,
  type Progress,
} from './vision-group.ts'

/** The processes of a pool, and who has which camera. Changed by the pool and by the judgement of deaths. */
export interface PoolState {
  /** The configuration of the moment. */
  config: Config
  readonly groups: Set<Group>
  /** The group that has a camera now; messages of others about it are stale. */
  readonly owners: Map<CameraId, Group>
  readonly progress: Progress
  readonly elapsedMs: () => number
  isStopping: boolean
  /** Makes a group; `isSplit` when its cameras leave another one. Nothing starts before `launch`. */
  readonly make: (home: string, cameras: readonly CameraId[], isSplit: boolean) => Group
  /** Starts a group's process. Does nothing before somebody subscribes to the messages. */
  launch: (group: Group) => void
  /** No process is left. */
  finish: () => void
}

/** A pool without processes. `onDeath` judges the deaths of all that it will have. */
export const createPoolState = (
  config: Config,
  options: GroupOptions,
  onDeath: (pool: PoolState) => OnDeath,
): PoolState => {
  const { scheduler } = options
  const progress = createProgress()
  const makeGroup = groupMaker(() => pool.config, options, progress)
  const pool: PoolState = {
    config,
    groups: new Set(),
    owners: new Map(),
    progress,
    elapsedMs: scheduler ? () => scheduler.now() : () => performance.now(),
    isStopping: false,
    make: (home, cameras, isSplit) => makeGroup(home, cameras, judged, isSplit),
    launch: () => {},
    finish: () => {},
  }
  const judged = onDeath(pool)
  return pool
}

/** The group has its cameras from now on. */
export const own = ({ owners }: PoolState, group: Group): void => {
  for (const camera of group.cameras) owners.set(camera, group)
}
