import type { PersonId } from '../../types.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { ApartChange } from '../state/journal.ts'

/** What was counted of these IDs and others, by `A B`; the two of a pair are in order. */
export const pairsOf = (coOccurrence: Pick<CoOccurrence, 'of'>, ids: readonly PersonId[]): Map<string, number> => {
  const pairs = new Map<string, number>()
  for (const id of ids)
    for (const [other, frames] of coOccurrence.of(id))
      pairs.set(id < other ? `${id} ${other}` : `${other} ${id}`, frames)
  return pairs
}

/** Infinity as JSON can say it. */
const finite = (frames: number): number | null => (frames === Infinity ? null : frames)

/** The pairs, as `pairsOf` gives them, whose count is another one after an act than before it. */
export const changedPairs = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): ApartChange[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((pair) => {
    const [was, is] = [before.get(pair) ?? 0, after.get(pair) ?? 0]
    const [a = '', b = ''] = pair.split(' ')
    return was === is ? [] : [[a, b, finite(was), finite(is)] as const]
  })
