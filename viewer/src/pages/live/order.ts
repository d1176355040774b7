import type { CameraId } from '../../../../src/types.ts'

/** The cameras in the order of the grid: pinned ones first, in the order in which they were pinned, then by name. */
export const inOrder = (cameras: readonly CameraId[], pinned: readonly CameraId[]): CameraId[] => {
  const known = new Set(cameras)
  const first = pinned.filter((camera) => known.has(camera))
  const rest = cameras.filter((camera) => !first.includes(camera))
  return [...first, ...rest.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))]
}

/**
 * The camera that is shown large after `now`: the next in `order` of those that send pictures; null when there is none. Two
 * pinned cameras or more are cycled alone.
 */
export const nextInCycle = (
  now: CameraId | null,
  order: readonly CameraId[],
  pinned: readonly CameraId[],
  sends: (camera: CameraId) => boolean,
): CameraId | null => {
  const chosen = order.filter((camera) => pinned.includes(camera))
  const cycled = (chosen.length >= 2 ? chosen : order).filter(sends)
  return cycled[(cycled.indexOf(now ?? '') + 1) % cycled.length] ?? null
}
