import type { ObjectorId } from '../../types.ts'
import type { Compare, Known } from '../people/evidence.ts'
import { knownBy } from '../people/exemplars.ts'
import { compareWith } from '../people/people-index.ts'
import type { SavedObjector, StateChange } from '../state/state.ts'

/** Those who are never to be recognised, and what they look like. */
export interface Objectors {
  add(objector: SavedObjector): void
  /** Their template goes, and its bytes. */
  remove(id: ObjectorId): void
  /** In the order in which they objected. */
  all(): readonly SavedObjector[]
  find(id: ObjectorId): SavedObjector | null
  /** The highest score with any of them, as people have scores; −1 when there is none. */
  scoreOf(known: Known): number
  /** Something of theirs may have been written before it was known whose it was: no byte of it may stay. */
  erase(): void
  /** What has changed since the last call. */
  takeChanged(): Pick<StateChange, 'objectors' | 'objectorsGone' | 'erases'>
}

/** Starts with those of an earlier run. */
export const createObjectors = (
  compare: Compare,
  exemplarShare: number,
  saved: readonly SavedObjector[],
): Objectors => {
  const looking = (one: SavedObjector) => ({ ...one, exemplars: one.looks, known: knownBy(one.looks) })
  const all = new Map(saved.map((one) => [one.id, looking(one)]))
  let added: SavedObjector[] = []
  let gone: ObjectorId[] = []
  let erases = false
  return {
    add(objector) {
      all.set(objector.id, looking(objector))
      added.push(objector)
      erases = true
    },
    remove(id) {
      all.delete(id)
      added = added.filter((one) => one.id !== id)
      gone.push(id)
      erases = true
    },
    all: () => [...all.values()],
    find: (id) => all.get(id) ?? null,
    scoreOf(known) {
      let best = -1
      for (const one of all.values())
        best = Math.max(best, compareWith(known, one, compare, exemplarShare)?.score ?? -1)
      return best
    },
    erase: () => {
      erases = true
    },
    takeChanged() {
      const taken = { objectors: added, objectorsGone: gone, erases }
      added = []
      gone = []
      erases = false
      return taken
    },
  }
}
