import type { Chunk } from './in-flight-window.ts'
import type { ReplayBuffer } from './replay-buffer.ts'

/** More is given to each client as far as its window goes. */
const maxBatchBytes = 65_536
/** Events of a chunk, at most: a client may acknowledge any of them, but the window gets room back for whole chunks. */
const chunkBytes = 4096

/** The newest events as they go to each client that wants all of them and has all before: prepared once. */
export interface EventBatch {
  /** Numbers of the first and the last. */
  readonly from: number
  readonly to: number
  /** All of them in one buffer. */
  readonly frame: Buffer
  readonly chunks: readonly Chunk[]
}

/** Undefined when there is nothing after `seq`, or something that may be too old or too much for somebody. */
export const batchAfter = (
  seq: number,
  replay: ReplayBuffer,
  nowMs: number,
  maxAgeMs: number,
): EventBatch | undefined => {
  const frames: Buffer[] = []
  const chunks: Chunk[] = []
  let bytes = 0
  for (let at = seq + 1; at <= replay.head; at++) {
    const entry = replay.at(at)
    if (entry === undefined || nowMs - entry.atMs > maxAgeMs / 4) return undefined
    const { length } = entry.frame
    bytes += length
    if (bytes > maxBatchBytes) return undefined
    frames.push(entry.frame)
    const last = chunks.at(-1)
    const joins = last !== undefined && last.bytes + length <= chunkBytes
    if (joins) chunks[chunks.length - 1] = { ...last, seq: at, bytes: last.bytes + length }
    else chunks.push({ seq: at, bytes: length, atMs: nowMs, bornAtMs: entry.atMs, graceMs: 0, byReading: false })
  }
  const [first] = frames
  if (first === undefined) return undefined
  return { from: seq + 1, to: replay.head, frame: frames.length === 1 ? first : Buffer.concat(frames), chunks }
}
