import type { Stuck } from '../ipc/messages.ts'
import type { CameraId } from '../types.ts'
import { outOfMemoryKills } from './out-of-memory.ts'
import type { PoolState } from './pool-state.ts'
import { recentDeaths } from './suspects.ts'
import { judge, type Verdict } from './verdict.ts'
import { type Group, type GroupOptions, noteDeath, type OnDeath } from './vision-group.ts'

/** Processes that splitting may add, or as many as there were if that is more: each takes memory for its models. */
const LEAST_SPLITS = 2

const maySplit = ({ groups, isStopping }: PoolState): boolean => {
  const others = [...groups].filter(({ name, home, isWaiting }) => name !== home && !isWaiting)
  const homes = new Set([...groups].map(({ home }) => home)).size
  return !isStopping && others.length < Math.max(LEAST_SPLITS, homes)
}

/** Judges a death: whether the group starts again, is split, waits, or is given up. Changes the group accordingly. */
export const judgeDeaths =
  (options: GroupOptions) =>
  (pool: PoolState): OnDeath =>
  (group, exit, backoffMs, livedMs) => {
    const { progress } = pool
    const nowMs = pool.elapsedMs()
    const cameras = group.cameras.filter((camera) => !progress.over.has(camera))
    noteDeath(group, exit, nowMs, options.outOfMemoryKills ?? outOfMemoryKills)
    group.cameras = cameras
    const { untilEnd } = options
    const found = { exit, nowMs, livedMs, untilEnd, maySplit: maySplit(pool), guiltyBefore: progress.guilty }
    const verdict: Verdict = cameras.length === 0 ? { action: 'give up' } : judge({ ...group, ...found })
    const deaths = recentDeaths(group.deaths, nowMs).length
    const restartInMs = carryOut(pool, group, verdict, backoffMs)
    const fate = fateOf[verdict.action]
    group.affected = cameras.map((camera) => ({ camera, fate, retryInMs: restartInMs, deaths }))
    return restartInMs
  }

const fateOf = { again: 'again', split: 'again', quarantine: 'quarantined', 'give up': 'given up' } as const

/** Changes the group as the verdict says. Returns milliseconds until its process starts again, or null. */
const carryOut = (pool: PoolState, group: Group, verdict: Verdict, backoffMs: number): number | null => {
  switch (verdict.action) {
    case 'again':
      return backoffMs
    case 'split':
      split(pool, group, verdict.suspects)
      return backoffMs
    case 'quarantine':
      for (const camera of group.cameras) pool.progress.guilty.add(camera)
      group.quarantines = verdict.quarantines
      group.isWaiting = true
      return verdict.pauseMs
    case 'give up':
      // It is not started again for the cameras that it had.
      if (group.cameras.length > 0) group.isUsable = false
      return null
  }
}

const split = (pool: PoolState, group: Group, suspects: readonly CameraId[]): void => {
  const others = group.cameras.filter((camera) => !suspects.includes(camera))
  Object.assign(group, { cameras: others, deaths: [], isSuspect: true })
  pool.launch(pool.make(group.home, suspects, true))
}

/**
 * Nothing but a new process frees the thread of a decoder that never returns. The others keep the old process. Returns
 * whether the camera was moved to one.
 */
export const freeStuck = (pool: PoolState, group: Group, { camera, reason }: Stuck): boolean => {
  const cameras = group.cameras.filter((each) => !pool.progress.over.has(each))
  if (pool.owners.get(camera) !== group || !cameras.includes(camera)) return false
  if (cameras.length === 1) {
    group.kill(reason)
    return false
  }
  if (!maySplit(pool)) return false
  group.cameras = cameras.filter((each) => each !== camera)
  pool.launch(pool.make(group.home, [camera], true))
  group.send({ type: 'drop', camera })
  return true
}
