import type { EventRing } from './event-ring.ts'
import type { Mark } from './flow-window.ts'

/** More is given to each client as far as its window goes. */
const maxStepBytes = 65_536
/** Events are marked together up to here: a client may acknowledge any of them, but a mark only as a whole. */
const markBytes = 4096

/** The newest events as they go to each client that wants all of them and has all before: prepared once. */
export interface EventStep {
  /** Numbers of the first and the last. */
  readonly from: number
  readonly to: number
  /** All of them in one buffer. */
  readonly frame: Buffer
  readonly marks: readonly Mark[]
}

/** Undefined when there is nothing after `seq`, or something that may be too old or too much for somebody. */
export const stepAfter = (seq: number, ring: EventRing, nowMs: number, maxAgeMs: number): EventStep | undefined => {
  const frames: Buffer[] = []
  const marks: Mark[] = []
  let bytes = 0
  for (let at = seq + 1; at <= ring.head; at++) {
    const entry = ring.at(at)
    if (entry === undefined || nowMs - entry.atMs > maxAgeMs / 4) return undefined
    const { length } = entry.frame
    bytes += length
    if (bytes > maxStepBytes) return undefined
    frames.push(entry.frame)
    const last = marks.at(-1)
    const joins = last !== undefined && last.bytes + length <= markBytes
    if (joins) marks[marks.length - 1] = { ...last, seq: at, bytes: last.bytes + length }
    else marks.push({ seq: at, bytes: length, atMs: nowMs, bornAtMs: entry.atMs, graceMs: 0, byReading: false })
  }
  const [first] = frames
  if (first === undefined) return undefined
  return { from: seq + 1, to: ring.head, frame: frames.length === 1 ? first : Buffer.concat(frames), marks }
}
