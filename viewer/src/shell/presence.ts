import type { RollcallEvent } from '../../../src/events/types.ts'
import type { CameraId, PersonId } from '../../../src/types.ts'

/** A visit that has not ended. */
export interface OpenVisit {
  readonly sighting: string
  readonly person: PersonId
  readonly camera: CameraId
}

/** Who is on a camera now. */
export interface Presence {
  /** Replaces the visits that have not ended. */
  readonly reset: (visits: readonly OpenVisit[]) => void
  readonly apply: (event: RollcallEvent) => void
  /** Notes that a picture of now shows this person. */
  readonly seen: (person: PersonId, camera: CameraId) => void
  /** Pictures of this person count no more. */
  readonly forget: (person: PersonId) => void
  /** By a visit that has not ended, or by a picture of the last seconds. */
  readonly here: () => ReadonlyMap<PersonId, CameraId>
}

/** A person is here now if a picture of this time had them in it. */
const hereMs = 3000

/** `resolve` gives the ID that stands for one now; `nowMs` is our clock, Unix milliseconds. */
export const createPresence = (resolve: (id: PersonId) => PersonId, nowMs: () => number): Presence => {
  const visits = new Map<string, Omit<OpenVisit, 'sighting'>>()
  const seenAt = new Map<PersonId, { readonly camera: CameraId; readonly atMs: number }>()
  return {
    reset(open) {
      visits.clear()
      for (const { sighting, person, camera } of open) visits.set(sighting, { person, camera })
    },
    apply(event) {
      switch (event.type) {
        case 'rollcall.sighting.started.v1':
          visits.set(event.data.sighting, event.data)
          break
        case 'rollcall.sighting.corrected.v1':
          if (event.data.ended) visits.delete(event.data.sighting)
          else visits.set(event.data.sighting, event.data)
          break
        case 'rollcall.sighting.ended.v1':
          visits.delete(event.data.sighting)
          break
        case 'rollcall.person.deleted.v1':
          for (const [id, { person }] of visits) if (person === event.data.person) visits.delete(id)
          break
        default:
      }
    },
    seen(person, camera) {
      seenAt.set(resolve(person), { camera, atMs: nowMs() })
    },
    forget: (person) => void seenAt.delete(person),
    here() {
      const now = nowMs()
      for (const [id, { atMs }] of seenAt) if (now - atMs >= hereMs) seenAt.delete(id)
      const visiting = [...visits.values()].map(({ person, camera }) => [resolve(person), camera] as const)
      return new Map([...visiting, ...[...seenAt].map(([id, { camera }]) => [resolve(id), camera] as const)])
    },
  }
}
