import { type Matrix, times } from './matrix.ts'
import { unit } from './vector.ts'

/** The direction of a vector in the space that the matrix leads to; the first axis where the map says nothing. Unit length. */
export const mapped = (old: ArrayLike<number>, matrix: Matrix): Float32Array =>
  unit(times(old, matrix)) ?? Float32Array.from({ length: matrix.columns }, (_, i) => (i === 0 ? 1 : 0))
