import type { CameraId, RollcallEvent, WallMs } from '../types.ts'
import type { EngineParts } from './parts.ts'

/**
 * What time does by itself, about once a minute. Cameras that have been silent since the last call (offline, or no longer
 * configured) have nobody in view any more; people age when `nowMs` is given: null while our clock is in doubt.
 */
export const tick = (parts: EngineParts, nowMs: WallMs | null): RollcallEvent[] => {
  const quiet = parts.cameras.takeQuiet().flatMap((camera) => endSilently(parts, camera))
  return nowMs === null ? quiet : [...quiet, ...parts.retention(nowMs)]
}

const endSilently = (parts: EngineParts, name: CameraId): RollcallEvent[] => {
  const { cameras, expiry, recluster, sightings, teller } = parts
  expiry.end(name, () => true)
  for (const person of expiry.expire(name, Infinity)) recluster.touch(person)
  const { nowMs } = cameras.of(name)
  const told = [...teller.tell(nowMs), ...teller.countLate(nowMs)]
  return [...told, ...teller.log(sightings.end(({ camera }) => camera === name, nowMs))]
}
