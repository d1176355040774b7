import type { Comparison } from '../../recognition/compare.ts'
import type { ChosenFace } from './chosen-face.ts'
import type { Judging } from './options.ts'

/** Photos compared with photos. */
export interface Verified {
  readonly rows: readonly ChosenFace[]
  readonly columns: readonly ChosenFace[]
  /** Whether rows and columns are the same photos, so that only pairs of two of them count. */
  readonly isSquare: boolean
  /** By row and column; null where one has no face, and in the diagonal of a square. */
  readonly pairs: readonly (readonly (Comparison | null)[])[]
  readonly judging: Judging
}

/** What the pairs say together. */
export type Verdict = 'same' | 'different' | 'unknown'

/** `different` when one pair is; `unknown` when one pair could not be compared, or there is none. */
export const verdictOf = ({ pairs, isSquare }: Pick<Verified, 'pairs' | 'isSquare'>): Verdict => {
  const all = pairs.flatMap((row, i) => row.filter((_, j) => !isSquare || j > i))
  if (all.some((pair) => pair && !pair.same)) return 'different'
  return all.length === 0 || all.includes(null) ? 'unknown' : 'same'
}

/** Whether it is one photo with one other. */
export const isPairOf = ({ rows, columns, isSquare }: Verified): boolean =>
  !isSquare && rows.length === 1 && columns.length === 1
