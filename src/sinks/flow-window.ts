/** At 150 kB/s these take 0.43 s; a client that is faster gets more with its first acknowledgements. */
const initialBytes = 65_536
const minBytes = 16_384
/** Messages sent this close together, and no larger together, are acknowledged as one. */
const markMs = 5
const markBytes = 4096

interface Mark {
  /** Number of its last message on this connection. */
  position: number
  /** Number of its last event; -1: acknowledged with whatever event is acknowledged next. */
  seq: number
  bytes: number
  readonly atMs: number
  /** How much longer than usual it may take. */
  readonly graceMs: number
  /** Reading it is enough: there is no event in it to acknowledge. */
  readonly byReading: boolean
}

export interface FlowWindow {
  /** Bytes sent and not acknowledged, pictures too. */
  readonly inFlightBytes: number
  readonly bytes: number
  /** At least one message may always be under way, and one picture. */
  hasRoom(bytes: number, of: 'text' | 'picture'): boolean
  sent(position: number, seq: number, bytes: number, nowMs: number): void
  /** A message whose size earns it `graceMs` more, and which is acknowledged by being read. */
  sentSnapshot(position: number, seq: number, bytes: number, nowMs: number, graceMs: number): void
  /** The client has dealt with every event up to `seq`. */
  acknowledgeSeq(seq: number, nowMs: number): void
  /** The client has read every message up to `position`; `all`: reading is all that can be expected of it. */
  acknowledgePosition(position: number, all: boolean, nowMs: number): void
  sentPicture(bytes: number): void
  acknowledgePicture(bytes: number, sentAtMs: number, nowMs: number): void
  /** Events are about to be sent again from an earlier one on. */
  rewind(): void
  /** Milliseconds that the oldest message is overdue; negative while there is time, -Infinity with none under way. */
  overdueMs(nowMs: number): number
}

/**
 * How much may be under way to one client. Only what it acknowledges says how old what it sees is: the kernel takes
 * megabytes that no counter shows. So the window grows while acknowledgements come quickly (below a quarter of
 * `maxAgeMs`) and it is what limits, and halves when they take more than half of `maxAgeMs` (delay-based, like TCP Vegas).
 */
export const createFlowWindow = (maxBytes: number, maxAgeMs: number): FlowWindow => {
  let windowBytes = Math.min(initialBytes, maxBytes)
  let textBytes = 0
  let pictureBytes = 0
  let isLimiting = false
  let shrunkAtMs = Number.NEGATIVE_INFINITY
  const marks: Mark[] = []

  const measure = (tookMs: number, nowMs: number): void => {
    if (tookMs < maxAgeMs / 4 && isLimiting) {
      windowBytes = Math.min(windowBytes * 2, maxBytes)
      isLimiting = false
    } else if (tookMs > maxAgeMs / 2 && nowMs - shrunkAtMs > maxAgeMs / 2) {
      windowBytes = Math.max(windowBytes / 2, minBytes)
      shrunkAtMs = nowMs
    }
  }

  const acknowledge = (done: (mark: Mark) => boolean, nowMs: number): void => {
    let last: Mark | undefined
    for (let mark = marks[0]; mark !== undefined && done(mark); mark = marks[0]) {
      textBytes -= mark.bytes
      last = mark
      marks.shift()
    }
    if (last !== undefined && last.graceMs === 0) measure(nowMs - last.atMs, nowMs)
  }

  return {
    get inFlightBytes() {
      return textBytes + pictureBytes
    },
    get bytes() {
      return windowBytes
    },
    hasRoom: (bytes, of) => {
      if ((of === 'text' ? textBytes : pictureBytes) === 0) return true
      if (textBytes + pictureBytes + bytes <= windowBytes) return true
      isLimiting = true
      return false
    },
    sent: (position, seq, bytes, nowMs) => {
      textBytes += bytes
      const last = marks.at(-1)
      if (last && !last.byReading && last.seq >= 0 && nowMs - last.atMs <= markMs && last.bytes + bytes <= markBytes) {
        last.position = position
        last.seq = seq
        last.bytes += bytes
      } else marks.push({ position, seq, bytes, atMs: nowMs, graceMs: 0, byReading: false })
    },
    sentSnapshot: (position, seq, bytes, nowMs, graceMs) => {
      textBytes += bytes
      marks.push({ position, seq, bytes, atMs: nowMs, graceMs, byReading: true })
    },
    acknowledgeSeq: (seq, nowMs) => acknowledge((mark) => mark.seq <= seq, nowMs),
    acknowledgePosition: (position, all, nowMs) =>
      acknowledge((mark) => mark.position <= position && (all || mark.byReading), nowMs),
    sentPicture: (bytes) => {
      pictureBytes += bytes
    },
    acknowledgePicture: (bytes, sentAtMs, nowMs) => {
      pictureBytes -= bytes
      measure(nowMs - sentAtMs, nowMs)
    },
    rewind: () => {
      for (const mark of marks) mark.seq = -1
    },
    overdueMs: (nowMs) => {
      const [oldest] = marks
      return oldest === undefined ? Number.NEGATIVE_INFINITY : nowMs - oldest.atMs - maxAgeMs - oldest.graceMs
    },
  }
}
