import { createScorer, type Watched } from '../../src/demo/score.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { CameraId, PersonId } from '../../src/types.ts'

/** Remembers which true person has which ID. */
export interface Identities {
  saw(event: RollcallEvent): void
  /**
   * Ends a period and begins the next one. Returns who was seen in it, and those who had their ID of the periods before in
   * no frame of it.
   */
  compare(): { readonly seen: number; readonly changed: readonly string[] }
  /** How many have an ID so far. */
  readonly known: () => number
}

/** A face that is seen in fewer frames says little: on a busy machine there are few, and some are poor. */
const leastFrames = 6

/**
 * Compares the IDs of one period with those of the periods before. IDs that were merged, or split off one another, are one: the
 * engine has told so, which is no loss. Nor is it when a person has another ID for a moment and keeps the own one: where two
 * people cross, a track may go on with the other one. That is accuracy, which `rollcall eval` measures.
 */
export const createIdentities = (cameras: ReadonlyMap<CameraId, Watched>): Identities => {
  const mergedInto = new Map<PersonId, PersonId>()
  const resolve = (id: PersonId): PersonId => {
    const next = mergedInto.get(id)
    return next === undefined ? id : resolve(next)
  }
  /** IDs that were split off, and from whom. */
  const splitFrom = new Map<PersonId, PersonId>()
  const rootOf = (id: PersonId): PersonId => {
    const from = splitFrom.get(resolve(id))
    return from === undefined ? resolve(id) : rootOf(from)
  }
  const idOf = new Map<string, PersonId>()
  let scorer = createScorer(cameras)
  return {
    saw(event) {
      if (event.type === 'rollcall.person.merged.v1') mergedInto.set(event.data.person, event.data.into)
      if (event.type === 'rollcall.person.unmerged.v1') mergedInto.delete(event.data.person)
      if (event.type === 'rollcall.person.split.v1') splitFrom.set(event.data.off, event.data.person)
      scorer.saw([event])
    },
    compare() {
      const period = [...scorer.frames()].flatMap(([person, counts]) => {
        const ids = [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id)
        const [most] = ids
        return most !== undefined && (counts.get(most) ?? 0) >= leastFrames ? [{ person, most, ids }] : []
      })
      scorer = createScorer(cameras)
      const changed = period.flatMap(({ person, most, ids }) => {
        const before = idOf.get(person)
        if (before !== undefined && ids.some((id) => rootOf(id) === rootOf(before))) return []
        idOf.set(person, most)
        return before === undefined ? [] : [`${person} was ${before} and is ${most}`]
      })
      return { seen: period.length, changed }
    },
    known: () => idOf.size,
  }
}
