import type { FrameEvent, RollcallEvent } from '../events/types.ts'
import { iou } from '../math/boxes.ts'
import type { CameraId, PersonId, TruthScore } from '../types.ts'
import type { TrueFace, Truth } from './truth.ts'

/** A camera whose true faces are known. */
export interface Watched {
  readonly truth: Truth
  /** The frame of the truth that it showed at this time of its own clock; null when that is unknown. */
  shownAt(unixMs: number): number | null
}

/** Compares published events with the truth. */
export interface Scorer {
  /** Takes events in the order in which they were published. */
  saw(events: readonly RollcallEvent[]): void
  score(): TruthScore
  /** The IDs of each true person, merged ones as one, those with most frames first. */
  ids(): ReadonlyMap<string, readonly PersonId[]>
  /** In how many frames each true person had each ID, merged ones as one. */
  frames(): ReadonlyMap<string, ReadonlyMap<PersonId, number>>
}

/** A detection shows the true face that it overlaps most, if the intersection over union is at least this. */
const leastOverlap = 0.3

/**
 * Compares what Rollcall publishes with who is there, while it runs. A switch is a face with another ID than the same
 * person had when last seen, on any camera. Merged IDs count as one from then on.
 */
export const createScorer = (cameras: ReadonlyMap<CameraId, Watched>): Scorer => {
  const people = new Set([...cameras.values()].flatMap(({ truth }) => truth.people))
  const mergedInto = new Map<PersonId, PersonId>()
  const framesOf = new Map<string, Map<PersonId, number>>()
  const lastOf = new Map<string, PersonId>()
  const known = new Set<PersonId>()
  let switches = 0
  let faces = 0

  const resolve = (id: PersonId): PersonId => {
    const next = mergedInto.get(id)
    return next === undefined ? id : resolve(next)
  }

  const match = (event: FrameEvent, truth: readonly TrueFace[]): void => {
    const pairs = event.data.faces
      .flatMap((face) => truth.map((real) => ({ face, real, overlap: iou(face.box, real.box) })))
      .filter(({ overlap }) => overlap >= leastOverlap)
      .sort((a, b) => b.overlap - a.overlap)
    const used = new Set<unknown>()
    for (const { face, real } of pairs) {
      if (used.has(face) || used.has(real)) continue
      used.add(face).add(real)
      faces++
      if (face.person === null) continue
      const counts = framesOf.get(real.person) ?? new Map<PersonId, number>()
      framesOf.set(real.person, counts.set(face.person, (counts.get(face.person) ?? 0) + 1))
      const last = lastOf.get(real.person)
      if (last !== undefined && resolve(last) !== resolve(face.person)) switches++
      lastOf.set(real.person, face.person)
    }
  }

  const frames = (): Map<string, ReadonlyMap<PersonId, number>> =>
    new Map(
      [...people].sort().map((person) => {
        const counts = new Map<PersonId, number>()
        for (const [id, count] of framesOf.get(person) ?? [])
          counts.set(resolve(id), (counts.get(resolve(id)) ?? 0) + count)
        return [person, counts]
      }),
    )
  const ids = (): Map<string, readonly PersonId[]> =>
    new Map(
      [...frames()].map(([person, counts]) => [person, [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id)]),
    )

  return {
    saw(events) {
      for (const event of events) {
        if (event.type === 'rollcall.person.created.v1') known.add(event.data.person)
        if (event.type === 'rollcall.person.merged.v1') mergedInto.set(event.data.person, event.data.into)
        if (event.type === 'rollcall.person.unmerged.v1') mergedInto.delete(event.data.person)
        if (event.type !== 'rollcall.frame.v1' || event.data.clock !== 'camera') continue
        const camera = cameras.get(event.data.camera)
        const shown = camera?.shownAt(event.data.capturedAtMs)
        if (camera && shown !== undefined && shown !== null) match(event, camera.truth.facesOf[shown] ?? [])
      }
    },
    ids,
    frames,
    score() {
      const found = [...ids().values()].filter((each) => each.length > 0)
      return {
        people: people.size,
        found: found.length,
        ids: new Set([...known].map(resolve)).size,
        idsPerPerson: found.length === 0 ? 0 : found.reduce((sum, each) => sum + each.length, 0) / found.length,
        switches,
        faces,
      }
    },
  }
}
