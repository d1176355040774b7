import { createKernel, type Kernel } from './kernel.ts'
import { sketchBytes } from './sketch.ts'

/** Sketches of each row. The first is compared for all rows, the second for the rows that the first has chosen. */
export const sketchCount = 2

/** Bytes of a WebAssembly page. */
const page = 65_536

/**
 * A kernel's memory with room for rows. The query is at address 0; then come its sketches, results, differences, first
 * sketches, second sketches and rows. Addresses are in bytes. `grow` moves everything behind the results and replaces the
 * views, so read both anew after it.
 */
export interface RowMemory {
  readonly kernel: Kernel
  /** Bytes of a row: the vector and zeros up to a multiple of 64, which the kernel needs. */
  readonly rowBytes: number
  readonly querySketches: number
  readonly results: number
  differences: number
  firstSketches: number
  secondSketches: number
  rows: number
  /** Rows that there is room for. */
  capacity: number
  floats: Float32Array
  bytes: Uint8Array
}

/** Starts without room for a row. `dimensions` is the length of a vector. */
export const createRowMemory = (dimensions: number): RowMemory => {
  const kernel = createKernel()
  const rowBytes = 4 * Math.ceil(dimensions / 16) * 16
  const results = rowBytes + sketchCount * sketchBytes
  return {
    kernel,
    rowBytes,
    querySketches: rowBytes,
    results,
    differences: results,
    firstSketches: results,
    secondSketches: results,
    rows: results,
    capacity: 0,
    floats: new Float32Array(kernel.memory.buffer),
    bytes: new Uint8Array(kernel.memory.buffer),
  }
}

/** Doubles the room, to 1024 rows at least. `count` is the number of rows in use. */
export const growRowMemory = (memory: RowMemory, count: number): void => {
  const { kernel, rowBytes, results, firstSketches, secondSketches, rows } = memory
  const capacity = Math.max(1024, 2 * memory.capacity)
  // A result takes 6 bytes at most: see `alike` in rows.ts.
  memory.differences = results + 6 * capacity
  memory.firstSketches = memory.differences + capacity
  memory.secondSketches = memory.firstSketches + capacity * sketchBytes
  memory.rows = memory.secondSketches + capacity * sketchBytes
  const end = memory.rows + capacity * rowBytes
  const missing = end - memory.bytes.length
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / page))
  memory.floats = new Float32Array(kernel.memory.buffer)
  memory.bytes = new Uint8Array(kernel.memory.buffer)
  // From the last part to the first, because each moves up.
  memory.bytes.copyWithin(memory.rows, rows, rows + count * rowBytes)
  memory.bytes.copyWithin(memory.secondSketches, secondSketches, secondSketches + count * sketchBytes)
  memory.bytes.copyWithin(memory.firstSketches, firstSketches, firstSketches + count * sketchBytes)
  memory.capacity = capacity
}

/** The vector of a row: a view, valid until the memory grows. */
export const vectorAt = ({ floats, rows, rowBytes }: RowMemory, row: number, dimensions: number): Float32Array =>
  floats.subarray((rows + row * rowBytes) / 4, (rows + row * rowBytes) / 4 + dimensions)
