import type { CameraId } from '../types.ts'
import type { Group } from './vision-group.ts'

/**
 * Assigns cameras to processes in turn, so that shares differ by at most one. Makes no empty share: there may be fewer
 * than `processes`.
 */
export const assignCameras = (cameras: readonly CameraId[], processes: number): CameraId[][] =>
  Array.from({ length: Math.min(processes, cameras.length) }, (_, i) => cameras.filter((_, j) => j % processes === i))

/** What decides where a camera goes. */
type Place = Pick<Group, 'home' | 'cameras' | 'isWaiting' | 'isSuspect' | 'isUsable'>

/**
 * The process that gets one more camera: the one with the fewest, rather one that has not crashed. Null when a new process
 * should be started, because there are less than `processes`, or because none can take it.
 */
export const placeFor = <G extends Place>(
  groups: readonly G[],
  processes: number,
  over: ReadonlySet<CameraId>,
): G | null => {
  const load = ({ cameras }: G): number => cameras.filter((camera) => !over.has(camera)).length
  // One in quarantine runs no process, and one without cameras ends.
  const able = groups.filter((group) => group.isUsable && !group.isWaiting && load(group) > 0)
  if (new Set(able.map(({ home }) => home)).size < processes) return null
  const [first] = able.toSorted((a, b) => Number(a.isSuspect) - Number(b.isSuspect) || load(a) - load(b))
  return first ?? null
}

/** The first name `vision-N` that no process has. */
export const freeHome = (groups: readonly Pick<Group, 'home'>[]): string => {
  const taken = new Set(groups.map(({ home }) => home))
  let number = 1
  while (taken.has(`vision-${number}`)) number++
  return `vision-${number}`
}
