import { createKernel } from './kernel.ts'
import { createSketcher, sketchBytes } from './sketch.ts'

/** Keys and their vectors, one contiguous row each, in the memory of the kernel. */
export interface Rows {
  readonly size: number
  /** Adds or replaces. */
  set(key: number, vector: Float32Array): void
  /** The last row takes the place; what it leaves is overwritten with zeros. */
  delete(key: number): void
  keyAt(row: number): number
  /** Makes the vector the one that the others are compared with. */
  ask(query: Float32Array): void
  /** Inner products of the rows and the query; valid until the next call. */
  similarities(): Float32Array
  /** The same of some rows. */
  similaritiesAt(rows: ArrayLike<number>): Float32Array
  /** About `wanted` rows, in order, whose sketches are most like the query's; valid until the next call. */
  alike(wanted: number): readonly number[]
}

const page = 65_536
/** Of each row: one is compared for all rows, the other for those where it is alike. */
const sketchCount = 2
/** So many times the wanted rows are chosen by the first sketch. */
const firstShare = 4
/** How many rows stand for all when it is estimated how alike these are: one in so many. */
const sampled = 16

/** The fewest differing bits that `wanted` of them have at most. */
const limitFor = (differences: ArrayLike<number>, wanted: number, step: number, bits: number): number => {
  const counts = new Uint32Array(bits + 1)
  for (let i = 0; i < differences.length; i += step) (counts[differences[i] as number] as number)++
  let [within, limit] = [0, -1]
  while (within * step < wanted && limit < bits) within += counts[++limit] as number
  return limit
}

export const createRows = (dimensions: number): Rows => {
  const kernel = createKernel()
  const sketch = createSketcher(dimensions, sketchCount)
  // Blocks of 64 bytes for the kernel; what is left over is zero.
  const width = Math.ceil(dimensions / 16) * 16
  const bytes = 4 * width
  const keys: number[] = []
  const places = new Map<number, number>()
  /** Rows whose sketch is older than the vector: made only when sketches are asked for. */
  const stale = new Set<number>()
  const queried = bytes
  const out = queried + sketchCount * sketchBytes
  let capacity = 0
  let differences = out
  let first = out
  let second = out
  let rows = out
  let floats = new Float32Array(kernel.memory.buffer)
  let memory = new Uint8Array(kernel.memory.buffer)

  /** Doubles the room. Places are: query, its sketches, results, differences, first sketches, second ones, rows. */
  const grow = (): void => {
    const next = Math.max(1024, 2 * capacity)
    const differencesTo = out + 6 * next
    const firstTo = differencesTo + next
    const secondTo = firstTo + next * sketchBytes
    const rowsTo = secondTo + next * sketchBytes
    const end = rowsTo + next * bytes
    if (end > memory.length) kernel.memory.grow(Math.ceil((end - memory.length) / page))
    floats = new Float32Array(kernel.memory.buffer)
    memory = new Uint8Array(kernel.memory.buffer)
    memory.copyWithin(rowsTo, rows, rows + keys.length * bytes)
    memory.copyWithin(secondTo, second, second + keys.length * sketchBytes)
    memory.copyWithin(firstTo, first, first + keys.length * sketchBytes)
    ;[capacity, differences, first, second, rows] = [next, differencesTo, firstTo, secondTo, rowsTo]
  }
  const check = (vector: Float32Array): void => {
    if (vector.length !== dimensions)
      throw new RangeError(`expected a vector of ${dimensions} numbers, found ${vector.length}`)
  }
  const made = new Uint8Array(sketchCount * sketchBytes)
  const sketchRow = (row: number): void => {
    sketch(vectorAt(row), made)
    memory.set(made.subarray(0, sketchBytes), first + row * sketchBytes)
    memory.set(made.subarray(sketchBytes), second + row * sketchBytes)
  }
  const vectorAt = (row: number): Float32Array =>
    floats.subarray((rows + row * bytes) / 4, (rows + row * bytes) / 4 + dimensions)

  return {
    get size() {
      return keys.length
    },
    set(key, vector) {
      check(vector)
      let row = places.get(key)
      if (row === undefined) {
        if (keys.length === capacity) grow()
        row = keys.length
        places.set(key, row)
        keys.push(key)
        // Room that was something else's before.
        memory.fill(0, rows + row * bytes, rows + (row + 1) * bytes)
      }
      floats.set(vector, (rows + row * bytes) / 4)
      stale.add(row)
    },
    delete(key) {
      const row = places.get(key)
      if (row === undefined) return
      const moved = keys.pop() as number
      const last = keys.length
      places.delete(key)
      if (row !== last) {
        keys[row] = moved
        places.set(moved, row)
        memory.copyWithin(rows + row * bytes, rows + last * bytes, rows + (last + 1) * bytes)
        stale.add(row)
      }
      stale.delete(last)
      memory.fill(0, rows + last * bytes, rows + (last + 1) * bytes)
      for (const sketches of [first, second])
        memory.fill(0, sketches + last * sketchBytes, sketches + (last + 1) * sketchBytes)
    },
    keyAt: (row) => keys[row] as number,
    ask(query) {
      check(query)
      if (capacity === 0) grow()
      floats.set(query, 0)
    },
    similarities() {
      kernel.dots(rows, keys.length, bytes, 0, out)
      return floats.subarray(out / 4, out / 4 + keys.length)
    },
    similaritiesAt(numbers) {
      new Uint32Array(kernel.memory.buffer, out).set(numbers)
      kernel.dotsAt(rows, numbers.length, bytes, 0, out)
      return floats.subarray(out / 4, out / 4 + numbers.length)
    },
    alike(wanted) {
      for (const row of stale) sketchRow(row)
      stale.clear()
      sketch(floats.subarray(0, dimensions), memory.subarray(queried, out))
      kernel.differences(first, keys.length, queried, differences)
      const all = memory.subarray(differences, differences + keys.length)
      // What the kernel reads beyond the last row is no row's.
      memory.fill(255, differences + keys.length, differences + Math.ceil(keys.length / 16) * 16)
      const limit = Math.min(254, limitFor(all, firstShare * wanted, sampled, 255))
      const found = kernel.within(differences, keys.length, limit, out)
      const chosen = new Uint32Array(kernel.memory.buffer, out, found)
      kernel.differencesAt(second, out, found, queried + sketchBytes, out + 4 * found)
      const both = new Uint16Array(kernel.memory.buffer, out + 4 * found, found)
      for (let i = 0; i < found; i++) both[i] = (both[i] as number) + (all[chosen[i] as number] as number)
      const most = limitFor(both, wanted, 1, 512)
      const best: number[] = []
      for (let i = 0; i < found; i++) if ((both[i] as number) <= most) best.push(chosen[i] as number)
      return best
    },
  }
}
