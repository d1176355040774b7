import type { Chunk } from './in-flight-window.ts'
import type { ReplayBuffer } from './replay-buffer.ts'

/** Larger batches are not prepared: each client then gets as much as its window allows. */
const maxBatchBytes = 65_536
/** The size of a chunk. A client may acknowledge any event, but the window gets room back for whole chunks only. */
const chunkBytes = 4096

/** The newest events, prepared once for all clients that want every event and have all earlier ones. */
export interface EventBatch {
  /** Numbers of the first and the last event. */
  readonly from: number
  readonly to: number
  /** All of them in one buffer. */
  readonly frame: Buffer
  /** The same events in the units in which the window counts them. */
  readonly chunks: readonly Chunk[]
}

/**
 * The events after `seq` as one batch. Undefined when there are none, too many, or one that is too old for some client.
 */
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
