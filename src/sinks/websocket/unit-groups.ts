import type { CameraId } from '../../types.ts'
import type { UnitMessage } from './waiting-units.ts'

/** As much as the ring of a camera holds. A longer group is not kept: who comes then waits for the next key unit. */
const maxBytes = 8_388_608
const maxUnits = 2048

/** The newest key unit of each watched camera and what has followed it, so that who comes later has a picture at once. */
export interface UnitGroups {
  add(unit: UnitMessage): void
  /** The newest key unit and all after it; empty when it is not kept. */
  of(camera: CameraId): readonly UnitMessage[]
  /** Forgets the cameras that nobody watches. */
  keep(watched: ReadonlyMap<CameraId, unknown>): void
}

/** Keeps nothing to begin with. */
export const createUnitGroups = (): UnitGroups => {
  const groups = new Map<CameraId, { readonly units: UnitMessage[]; bytes: number }>()
  return {
    add: (unit) => {
      const { camera, key, message } = unit
      if (key) groups.set(camera, { units: [unit], bytes: message.length })
      const group = groups.get(camera)
      if (key || group === undefined) return
      group.units.push(unit)
      group.bytes += message.length
      if (group.bytes > maxBytes || group.units.length > maxUnits) groups.delete(camera)
    },
    of: (camera) => groups.get(camera)?.units ?? [],
    keep: (watched) => {
      for (const camera of groups.keys()) if (!watched.has(camera)) groups.delete(camera)
    },
  }
}
