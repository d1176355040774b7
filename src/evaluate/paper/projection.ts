import { crossProduct, type Matrix, times } from '../../math/matrix.ts'
import { eigenOfSymmetric } from '../../math/symmetric-eigen.ts'
import { unit } from '../../math/vector.ts'

/** The directions of most spread of these vectors, about 0 and not about their mean, because cosines are. */
export const spreadOf = (vectors: readonly ArrayLike<number>[]): Matrix => {
  const gram = crossProduct(vectors, vectors)
  return { ...gram, values: eigenOfSymmetric(gram.values, gram.rows).vectors }
}

/** A projection onto the first `dimensions` directions, scaled to unit length again. */
export const projectionOnto = ({ rows, columns, values }: Matrix, dimensions: number) => {
  const kept: Matrix = {
    rows,
    columns: dimensions,
    values: Float64Array.from(
      { length: rows * dimensions },
      (_, i) => values[Math.floor(i / dimensions) * columns + (i % dimensions)] ?? 0,
    ),
  }
  return (vector: ArrayLike<number>): Float32Array => {
    const projected = times(vector, kept)
    return unit(projected) ?? projected
  }
}
