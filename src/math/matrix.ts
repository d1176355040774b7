/** A matrix in memory: row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** A matrix of zeros. */
export const zeros = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  values: new Float64Array(rows * columns),
})

/** The square matrix with `diagonal` on its diagonal, and zeros beside it. */
export const diagonalOf = (diagonal: ArrayLike<number>): Matrix => {
  const n = diagonal.length
  const result = zeros(n, n)
  for (let i = 0; i < n; i++) result.values[i * n + i] = diagonal[i] ?? 0
  return result
}

/** aᵀ. */
export const transposed = ({ rows, columns, values }: Matrix): Matrix => {
  const result = zeros(columns, rows)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result.values[j * rows + i] = values[i * columns + j] as number
  return result
}

/** a · b. */
export const product = (a: Matrix, b: Matrix): Matrix => {
  const result = zeros(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[i * a.columns + k] as number
      if (factor === 0) continue
      for (let j = 0; j < b.columns; j++) {
        const at = i * b.columns + j
        result.values[at] = (result.values[at] as number) + factor * (b.values[k * b.columns + j] as number)
      }
    }
  return result
}

/** a + factor · b. */
export const sumOf = (a: Matrix, b: Matrix, factor = 1): Matrix => ({
  ...a,
  values: a.values.map((value, i) => value + factor * (b.values[i] as number)),
})

/** Σ xᵢᵀ yᵢ over pairs of row vectors; with `ys` = `xs` the Gram matrix. Neither list may be empty. */
export const crossProduct = (xs: readonly ArrayLike<number>[], ys: readonly ArrayLike<number>[]): Matrix => {
  const result = zeros(xs[0]?.length ?? 0, ys[0]?.length ?? 0)
  const { columns, values } = result
  for (const [n, x] of xs.entries()) {
    const y = ys[n] ?? []
    for (let i = 0; i < x.length; i++) {
      const factor = x[i] as number
      for (let j = 0; j < columns; j++)
        values[i * columns + j] = (values[i * columns + j] as number) + factor * (y[j] as number)
    }
  }
  return result
}

/** x · a for a row vector. */
export const times = (x: ArrayLike<number>, { rows, columns, values }: Matrix): Float32Array => {
  const result = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    const factor = x[i] ?? 0
    for (let j = 0; j < columns; j++) result[j] = (result[j] as number) + factor * (values[i * columns + j] as number)
  }
  return Float32Array.from(result)
}
