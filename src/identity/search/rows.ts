import { createRowMemory, growRowMemory, type RowMemory, sketchCount, vectorAt } from './row-memory.ts'
import { createSketcher, sketchBytes } from './sketch.ts'

/** Keys and their vectors, one contiguous row each, in the memory of the kernel. */
export interface Rows {
  readonly size: number
  /** Adds or replaces a copy of the vector. Throws RangeError for another length. */
  set(key: number, vector: Float32Array): void
  /** Removes a row and overwrites its vector with zeros. The last row moves into its place. */
  delete(key: number): void
  keyAt(row: number): number
  /** Sets the vector that the rows are compared with. Throws RangeError for another length. */
  setQuery(query: Float32Array): void
  /** Inner products of all rows and the query, by row; valid until the next call. */
  similarities(): Float32Array
  /** Inner products of these rows and the query; valid until the next call. */
  similaritiesAt(rows: ArrayLike<number>): Float32Array
  /** About `wanted` rows, ascending, whose sketches are most like the query's. */
  alike(wanted: number): readonly number[]
}

/** The first sketch chooses this many times the wanted rows. */
const firstShare = 4
/** The limit for the first sketch is estimated from every sixteenth row. */
const sampleStep = 16

/** The least number of differing bits that at least `wanted` rows do not exceed. Counts every `step`th difference. */
const limitFor = (differences: ArrayLike<number>, wanted: number, step: number, bits: number): number => {
  const counts = new Uint32Array(bits + 1)
  for (let i = 0; i < differences.length; i += step) (counts[differences[i] as number] as number)++
  let [within, limit] = [0, -1]
  while (within * step < wanted && limit < bits) within += counts[++limit] as number
  return limit
}

/**
 * Chooses rows by the first sketch, and of these by both sketches together. Needs the sketches of the query and all
 * rows.
 */
const alikeRows = (memory: RowMemory, count: number, wanted: number): number[] => {
  const { kernel, bytes, differences, firstSketches, secondSketches, querySketches, results } = memory
  kernel.differences(firstSketches, count, querySketches, differences)
  const byFirst = bytes.subarray(differences, differences + count)
  // The kernel reads up to a multiple of 16: what lies beyond the last row must not be chosen.
  bytes.fill(255, differences + count, differences + Math.ceil(count / 16) * 16)
  const limit = Math.min(254, limitFor(byFirst, firstShare * wanted, sampleStep, 255))
  const found = kernel.within(differences, count, limit, results)
  const chosen = new Uint32Array(kernel.memory.buffer, results, found)
  const sums = results + 4 * found
  kernel.differencesAt(secondSketches, results, found, querySketches + sketchBytes, sums)
  const byBoth = new Uint16Array(kernel.memory.buffer, sums, found)
  for (let i = 0; i < found; i++) byBoth[i] = (byBoth[i] as number) + (byFirst[chosen[i] as number] as number)
  const most = limitFor(byBoth, wanted, 1, 512)
  const best: number[] = []
  for (let i = 0; i < found; i++) if ((byBoth[i] as number) <= most) best.push(chosen[i] as number)
  return best
}

/** Zeros a row and its sketches. */
const clearRow = ({ bytes, rows, rowBytes, firstSketches, secondSketches }: RowMemory, row: number): void => {
  bytes.fill(0, rows + row * rowBytes, rows + (row + 1) * rowBytes)
  for (const sketches of [firstSketches, secondSketches])
    bytes.fill(0, sketches + row * sketchBytes, sketches + (row + 1) * sketchBytes)
}

const checkLength = ({ length }: Float32Array, dimensions: number): void => {
  if (length !== dimensions) throw new RangeError(`expected a vector of ${dimensions} numbers, found ${length}`)
}

/** Starts empty; every vector has `dimensions` numbers. */
export const createRows = (dimensions: number): Rows => {
  const memory = createRowMemory(dimensions)
  const { kernel, rowBytes, results } = memory
  const sketch = createSketcher(dimensions, sketchCount)
  const keys: number[] = []
  const rowOf = new Map<number, number>()
  /** Rows whose sketches are older than their vectors. Sketches are made when `alike` needs them. */
  const stale = new Set<number>()
  const made = new Uint8Array(sketchCount * sketchBytes)
  const sketchRow = (row: number): void => {
    sketch(vectorAt(memory, row, dimensions), made)
    memory.bytes.set(made.subarray(0, sketchBytes), memory.firstSketches + row * sketchBytes)
    memory.bytes.set(made.subarray(sketchBytes), memory.secondSketches + row * sketchBytes)
  }
  const addRow = (key: number): number => {
    if (keys.length === memory.capacity) growRowMemory(memory, keys.length)
    const row = keys.push(key) - 1
    rowOf.set(key, row)
    // Before the memory grew something else was here.
    memory.bytes.fill(0, memory.rows + row * rowBytes, memory.rows + (row + 1) * rowBytes)
    return row
  }

  return {
    get size() {
      return keys.length
    },
    set(key, vector) {
      checkLength(vector, dimensions)
      const row = rowOf.get(key) ?? addRow(key)
      memory.floats.set(vector, (memory.rows + row * rowBytes) / 4)
      stale.add(row)
    },
    delete(key) {
      const row = rowOf.get(key)
      if (row === undefined) return
      const moved = keys.pop() as number
      const last = keys.length
      rowOf.delete(key)
      if (row !== last) {
        keys[row] = moved
        rowOf.set(moved, row)
        const from = memory.rows + last * rowBytes
        memory.bytes.copyWithin(memory.rows + row * rowBytes, from, from + rowBytes)
        stale.add(row)
      }
      stale.delete(last)
      clearRow(memory, last)
    },
    keyAt: (row) => keys[row] as number,
    setQuery(query) {
      checkLength(query, dimensions)
      if (memory.capacity === 0) growRowMemory(memory, 0)
      memory.floats.set(query, 0)
    },
    similarities() {
      kernel.dots(memory.rows, keys.length, rowBytes, 0, results)
      return memory.floats.subarray(results / 4, results / 4 + keys.length)
    },
    similaritiesAt(numbers) {
      new Uint32Array(kernel.memory.buffer, results).set(numbers)
      kernel.dotsAt(memory.rows, numbers.length, rowBytes, 0, results)
      return memory.floats.subarray(results / 4, results / 4 + numbers.length)
    },
    alike(wanted) {
      for (const row of stale) sketchRow(row)
      stale.clear()
      sketch(memory.floats.subarray(0, dimensions), memory.bytes.subarray(memory.querySketches, results))
      return alikeRows(memory, keys.length, wanted)
    },
  }
}
