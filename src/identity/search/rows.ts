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
  /** Inner product of a row and the query. */
  similarityAt(row: number): number
  /** The same of all rows; valid until the next call. */
  similarities(): Float32Array
  /** Bits, 0–256, in which the sketches of all rows and the query's differ; valid until the next call. */
  differences(): Uint16Array
}

const page = 65_536

export const createRows = (dimensions: number): Rows => {
  const kernel = createKernel()
  const sketch = createSketcher(dimensions)
  // Blocks of 64 bytes for the kernel; what is left over is zero.
  const width = Math.ceil(dimensions / 16) * 16
  const bytes = 4 * width
  const keys: number[] = []
  const places = new Map<number, number>()
  /** Rows whose sketch is older than the vector: made only when sketches are asked for. */
  const stale = new Set<number>()
  const querySketch = bytes
  const out = bytes + 64
  let capacity = 0
  let sketches = out
  let rows = out
  let floats = new Float32Array(kernel.memory.buffer)
  let memory = new Uint8Array(kernel.memory.buffer)

  /** Doubles the room. Places are: query, its sketch, results, sketches, rows. */
  const grow = (): void => {
    const next = Math.max(1024, 2 * capacity)
    const end = out + next * (4 + sketchBytes + bytes)
    if (end > memory.length) kernel.memory.grow(Math.ceil((end - memory.length) / page))
    floats = new Float32Array(kernel.memory.buffer)
    memory = new Uint8Array(kernel.memory.buffer)
    const [sketchesTo, rowsTo] = [out + 4 * next, out + next * (4 + sketchBytes)]
    memory.copyWithin(rowsTo, rows, rows + keys.length * bytes)
    memory.copyWithin(sketchesTo, sketches, sketches + keys.length * sketchBytes)
    ;[capacity, sketches, rows] = [next, sketchesTo, rowsTo]
  }
  const check = (vector: Float32Array): void => {
    if (vector.length !== dimensions)
      throw new RangeError(`expected a vector of ${dimensions} numbers, found ${vector.length}`)
  }
  const sketchAt = (row: number): Uint8Array =>
    memory.subarray(sketches + row * sketchBytes, sketches + (row + 1) * sketchBytes)
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
      sketchAt(last).fill(0)
    },
    keyAt: (row) => keys[row] as number,
    ask(query) {
      check(query)
      if (capacity === 0) grow()
      floats.set(query, 0)
    },
    similarityAt(row) {
      kernel.dots(rows + row * bytes, 1, bytes, 0, out)
      return floats[out / 4] as number
    },
    similarities() {
      kernel.dots(rows, keys.length, bytes, 0, out)
      return floats.subarray(out / 4, out / 4 + keys.length)
    },
    differences() {
      for (const row of stale) sketch(vectorAt(row), sketchAt(row))
      stale.clear()
      sketch(floats.subarray(0, dimensions), memory.subarray(querySketch, querySketch + sketchBytes))
      kernel.differences(sketches, keys.length, querySketch, out)
      return new Uint16Array(kernel.memory.buffer, out, keys.length)
    },
  }
}
