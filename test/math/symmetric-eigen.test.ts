import { expect, test } from 'vitest'
import { crossProduct, diagonalOf, product, transposed } from '../../src/math/matrix.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { eigenOfSymmetric } from '../../src/math/symmetric-eigen.ts'

const gaussian = gaussianFrom(seededRandom(7))
const rowsOf = (count: number, length: number) =>
  Array.from({ length: count }, () => Float64Array.from({ length }, gaussian))

test.each([
  ['one number', 1, 3],
  ['of full rank', 24, 80],
  // Most eigenvalues are 0.
  ['of rank 5', 24, 5],
])('a matrix %s is put together again from eigenvalues and unit eigenvectors', (_, n, samples) => {
  const rows = rowsOf(samples, n)
  const matrix = crossProduct(rows, rows)
  const { values, vectors } = eigenOfSymmetric(matrix.values, n)
  expect([...values]).toEqual([...values].sort((a, b) => b - a))
  const basis = { rows: n, columns: n, values: vectors }
  const again = product(product(basis, diagonalOf(values)), transposed(basis)).values
  for (const [i, value] of again.entries()) expect(value).toBeCloseTo(matrix.values[i] ?? Number.NaN, 8)
  const square = product(transposed(basis), basis).values
  for (const [i, value] of square.entries()) expect(value).toBeCloseTo(i % (n + 1) === 0 ? 1 : 0, 10)
})

test('equal eigenvalues, and a matrix of zeros', () => {
  expect([...eigenOfSymmetric(diagonalOf([2, 5, 2]).values, 3).values]).toEqual([5, 2, 2])
  expect([...eigenOfSymmetric(new Float64Array(9), 3).values]).toEqual([0, 0, 0])
})
