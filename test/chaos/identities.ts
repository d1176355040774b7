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

/** Compares the IDs of one period with those of the periods before; merged IDs are one. */
export const createIdentities = (cameras: ReadonlyMap<CameraId, Watched>): Identities => {
  const mergedInto = new Map<PersonId, PersonId>()
  const resolve = (id: PersonId): PersonId => {
    const next = mergedInto.get(id)
    return next === undefined ? id : resolve(next)
  }
  const idOf = new Map<string, PersonId>()
  let scorer = createScorer(cameras)
  return {
    saw(event) {
      if (event.type === 'rollcall.person.merged.v1') mergedInto.set(event.data.person, event.data.into)
      if (event.type === 'rollcall.person.unmerged.v1') mergedInto.delete(event.data.person)
      scorer.saw([event])
    },
    compare() {
      const period = [...scorer.ids()].flatMap(([person, [id]]) =>
        id === undefined ? [] : [{ person, id: resolve(id) }],
      )
      scorer = createScorer(cameras)
      const changed = period.flatMap(({ person, id }) => {
        const before = idOf.get(person)
        idOf.set(person, id)
        return before === undefined || resolve(before) === id ? [] : [`${person} was ${before} and is ${id}`]
      })
      return { seen: period.length, changed }
    },
    known: () => idOf.size,
  }
}
