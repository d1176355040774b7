import { createScorer, type Watched } from '../../src/demo/score.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { CameraId, PersonId } from '../../src/types.ts'

/** Remembers which true person has which ID. */
export interface Identities {
  saw(event: RollcallEvent): void
  /**
   * Ends a period and begins the next one. Returns who was seen in it, and those who mostly had another ID in it than in the
   * periods before.
   */
  compare(): { readonly seen: number; readonly changed: readonly string[] }
  /** How many have an ID so far. */
  readonly known: () => number
}

/** A face that is seen in fewer frames says little: on a busy machine there are few, and some are poor. */
const leastFrames = 6

/**
 * Compares the IDs of one period with those of the periods before. IDs that were merged, or split off one another, are one: the
 * engine has told so, which is no loss.
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
        const [most] = [...counts].sort((a, b) => b[1] - a[1])
        return most !== undefined && most[1] >= leastFrames ? [{ person, id: most[0] }] : []
      })
      scorer = createScorer(cameras)
      const changed = period.flatMap(({ person, id }) => {
        const before = idOf.get(person)
        idOf.set(person, id)
        return before === undefined || rootOf(before) === rootOf(id) ? [] : [`${person} was ${before} and is ${id}`]
      })
      return { seen: period.length, changed }
    },
    known: () => idOf.size,
  }
}
