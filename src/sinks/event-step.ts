import type { EventRing } from './event-ring.ts'
import type { Mark } from './flow-window.ts'

/** More is given to each client as far as its window goes. */
const maxStepBytes = 65_536

/** The newest events as they go to each client that wants all of them and has all before: prepared once. */
export interface EventStep {
  /** Number of the first. */
  readonly from: number
  /** All of them in one buffer. */
  readonly frame: Buffer
  readonly mark: Mark
}

/** Undefined when there is nothing after `seq`, or something that may be too old or too much for somebody. */
export const stepAfter = (seq: number, ring: EventRing, nowMs: number, maxAgeMs: number): EventStep | undefined => {
  const oldest = ring.at(seq + 1)
  if (oldest === undefined || nowMs - oldest.atMs > maxAgeMs / 4) return undefined
  const frames: Buffer[] = []
  let bytes = 0
  for (let at = seq + 1; at <= ring.head && bytes <= maxStepBytes; at++) {
    const frame = ring.at(at)?.frame ?? Buffer.alloc(0)
    bytes += frame.length
    frames.push(frame)
  }
  if (bytes > maxStepBytes) return undefined
  const mark = { seq: ring.head, bytes, atMs: nowMs, bornAtMs: oldest.atMs, graceMs: 0, byReading: false }
  return { from: seq + 1, frame: frames.length === 1 ? oldest.frame : Buffer.concat(frames), mark }
}
