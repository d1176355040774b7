/**
 * Exact assignment by shortest augmenting paths: R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for
 * dense and sparse linear assignment problems", Computing 38 (1987), in the rectangular form of D. F. Crouse, "On
 * implementing 2D rectangular assignment algorithms", IEEE TAES 52 (2016). O(n³) at worst.
 *
 * Pairs rows with columns, each used at most once, so that the sum of `cost − limit` over the pairs is least. A pair
 * whose cost is `limit` or more is never made, and cannot displace a better one.
 *
 * `cost` is row-major, rows · columns; a value is finite, or +Infinity for a forbidden pair. Returns each row's column,
 * or −1.
 */
export const assign = (cost: Float64Array, rows: number, columns: number, limit: number): Int32Array => {
  const transposed = rows > columns
  const short = transposed ? columns : rows
  const long = transposed ? rows : columns
  // A pair at the limit costs as much as leaving both alone. With costs bounded like this a complete assignment is the
  // answer.
  const at = (i: number, j: number): number => {
    const value = cost[transposed ? j * columns + i : i * columns + j] ?? limit
    return value < limit ? value - limit : 0
  }
  const owners = augmentAll(at, short, long)
  const columnOf = new Int32Array(rows).fill(-1)
  for (let j = 0; j < long; j++) {
    const i = owners[j] ?? -1
    if (i < 0 || at(i, j) >= 0) continue
    if (transposed) columnOf[j] = i
    else columnOf[i] = j
  }
  return columnOf
}

/** Assigns every short-side row in turn; returns the row that owns each long-side column, or −1. */
const augmentAll = (at: (i: number, j: number) => number, short: number, long: number): Int32Array => {
  const rowPrice = new Float64Array(short)
  const columnPrice = new Float64Array(long)
  const owners = new Int32Array(long).fill(-1)
  const distance = new Float64Array(long)
  const previous = new Int32Array(long)
  const done = new Uint8Array(long)
  for (let start = 0; start < short; start++) {
    distance.fill(Infinity)
    previous.fill(-1)
    done.fill(0)
    let row = start
    let last = -1
    let reached = 0
    for (let column = -1; ; ) {
      let nearest = -1
      for (let j = 0; j < long; j++) {
        if (done[j]) continue
        const length = reached + at(row, j) - num(rowPrice, row) - num(columnPrice, j)
        if (length < num(distance, j)) {
          distance[j] = length
          previous[j] = column
        }
        if (nearest < 0 || num(distance, j) < num(distance, nearest)) nearest = j
      }
      reached = num(distance, nearest)
      done[nearest] = 1
      column = nearest
      const owner = num(owners, nearest)
      if (owner < 0) {
        last = nearest
        break
      }
      row = owner
    }
    rowPrice[start] = num(rowPrice, start) + reached
    for (let j = 0; j < long; j++) {
      if (!done[j]) continue
      const slack = reached - num(distance, j)
      columnPrice[j] = num(columnPrice, j) - slack
      const owner = num(owners, j)
      if (owner >= 0) rowPrice[owner] = num(rowPrice, owner) + slack
    }
    for (let j = last; j >= 0; ) {
      const before = num(previous, j)
      owners[j] = before < 0 ? start : num(owners, before)
      j = before
    }
  }
  return owners
}

const num = (values: Float64Array | Int32Array, index: number): number => values[index] ?? 0
