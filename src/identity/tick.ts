import type { RollcallEvent } from '../events/types.ts'
import type { CameraId, WallMs } from '../types.ts'
import type { EngineParts } from './parts.ts'

/**
 * Runs about once a minute. It ends the tracks and sightings of cameras without a message since the last call, which are
 * offline or no longer configured. It then learns from the place, says so, deletes whom objectors were taken for, and applies
 * retention at `nowMs`, wall time; null while the clock is in doubt.
 */
export const tick = (parts: EngineParts, nowMs: WallMs | null): RollcallEvent[] => {
  const quiet = parts.cameras.takeQuiet().flatMap((camera) => endQuiet(parts, camera))
  if (nowMs === null) return quiet
  return [...quiet, ...learn(parts, nowMs), ...parts.dropping.sweep(nowMs), ...parts.retention(nowMs)]
}

const learn = ({ place, teller, events }: EngineParts, nowMs: WallMs): RollcallEvent[] => {
  const change = place.learn(nowMs)
  return change ? teller.log([events.calibrated(change, nowMs)]) : []
}

const endQuiet = (parts: EngineParts, name: CameraId): RollcallEvent[] => {
  const { cameras, expiry, recluster, sightings, teller } = parts
  expiry.end(name, () => true)
  for (const person of expiry.expire(name, Infinity)) recluster.touch(person)
  const { nowMs } = cameras.of(name)
  const published = [...teller.tell(nowMs), ...teller.countLate(nowMs)]
  return [...published, ...teller.log(sightings.end(({ camera }) => camera === name, nowMs))]
}
