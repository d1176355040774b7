import type { CameraId, PersonId, RollcallEvent, Sighting } from '../types.ts'
import type { Events } from './events.ts'

export interface Sightings {
  /** The person is in this frame; `frames` counts it and those that belong to it but were not known to. `name` is the frame's. */
  seen(person: PersonId, camera: CameraId, fromMs: number, atMs: number, frames: number, name: string): RollcallEvent[]
  /** Ends those on the camera that are older than the gap, and those ahead of it: the camera's time has jumped back. */
  advance(camera: CameraId, nowMs: number): RollcallEvent[]
  end(over: (sighting: Sighting) => boolean): RollcallEvent[]
  /** Those that are open, with the names of the frames that began them: for `restore` of a later run. */
  save(): readonly OpenSighting[]
  restore(saved: readonly OpenSighting[]): void
}

export interface OpenSighting {
  readonly sighting: Sighting
  readonly name: string
}

/** Who is where: one open sighting for each person and camera. */
export const createSightings = (events: Events, gapMs: number): Sightings => {
  const open = new Map<string, { sighting: Sighting; readonly name: string }>()
  const end = (over: (sighting: Sighting) => boolean): RollcallEvent[] => {
    const ended: RollcallEvent[] = []
    for (const [key, { sighting, name }] of open)
      if (over(sighting)) {
        open.delete(key)
        ended.push(events.sightingEnded(sighting, name))
      }
    return ended
  }
  return {
    seen(person, camera, fromMs, atMs, frames, name) {
      const key = `${camera}/${person}`
      const known = open.get(key)
      if (known) {
        const { sighting } = known
        known.sighting = { ...sighting, untilMs: Math.max(sighting.untilMs, atMs), frames: sighting.frames + frames }
        return []
      }
      const sighting = { person, camera, fromMs, untilMs: Math.max(fromMs, atMs), frames }
      open.set(key, { sighting, name })
      return [events.sightingStarted(sighting, name)]
    },
    advance: (camera, nowMs) =>
      end((sighting) => sighting.camera === camera && Math.abs(nowMs - sighting.untilMs) > gapMs),
    end,
    save: () => [...open.values()].map(({ sighting, name }) => ({ sighting, name })),
    restore(saved) {
      for (const one of saved) open.set(`${one.sighting.camera}/${one.sighting.person}`, { ...one })
    },
  }
}
