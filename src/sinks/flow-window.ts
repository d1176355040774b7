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
  /** When what is in it became true: what counts for how old it may get. */
  readonly bornAtMs: number
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
  /** `bornAtMs` is when the event was made, `nowMs` when it is replayed. */
  sent(position: number, seq: number, bytes: number, nowMs: number, bornAtMs: number): void
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
  /** When the oldest message has to be acknowledged; Infinity with none under way. */
  dueMs(): number
}

/**
 * How much may be under way to one client. Only what it acknowledges says how old what it sees is: the kernel takes
 * megabytes that no counter shows. Where the window is what limits, it moves to where acknowledgements take a quarter of
 * `maxAgeMs` (delay-based, like TCP Vegas), by a factor of two in that time at most.
 */
export const createFlowWindow = (maxBytes: number, maxAgeMs: number): FlowWindow => {
  let windowBytes = Math.min(initialBytes, maxBytes)
  let textBytes = 0
  let pictureBytes = 0
  let isLimiting = false
  let changedAtMs = Number.NEGATIVE_INFINITY
  const marks: Mark[] = []

  const targetMs = maxAgeMs / 4

  /** Only what was sent since the window has its size says anything about this size. */
  const measure = (sentAtMs: number, nowMs: number): void => {
    const tookMs = nowMs - sentAtMs
    const isTooLarge = tookMs > 2 * targetMs
    if (sentAtMs < changedAtMs || !(isTooLarge || (isLimiting && nowMs - changedAtMs > targetMs))) return
    // As many bytes as came through in the time aimed at, in steps of at most a factor of two.
    const factor = Math.min(2, Math.max(0.5, targetMs / Math.max(tookMs, 1)))
    windowBytes = Math.min(maxBytes, Math.max(minBytes, Math.round(windowBytes * factor)))
    isLimiting = false
    changedAtMs = nowMs
  }

  const acknowledge = (done: (mark: Mark) => boolean, nowMs: number): void => {
    let last: Mark | undefined
    for (let mark = marks[0]; mark !== undefined && done(mark); mark = marks[0]) {
      textBytes -= mark.bytes
      last = mark
      marks.shift()
    }
    if (last !== undefined && last.graceMs === 0) measure(last.atMs, nowMs)
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
    sent: (position, seq, bytes, nowMs, bornAtMs) => {
      textBytes += bytes
      const last = marks.at(-1)
      if (last && !last.byReading && last.seq >= 0 && nowMs - last.atMs <= markMs && last.bytes + bytes <= markBytes) {
        last.position = position
        last.seq = seq
        last.bytes += bytes
      } else marks.push({ position, seq, bytes, atMs: nowMs, bornAtMs, graceMs: 0, byReading: false })
    },
    sentSnapshot: (position, seq, bytes, nowMs, graceMs) => {
      textBytes += bytes
      marks.push({ position, seq, bytes, atMs: nowMs, bornAtMs: nowMs, graceMs, byReading: true })
    },
    acknowledgeSeq: (seq, nowMs) => acknowledge((mark) => mark.seq <= seq, nowMs),
    acknowledgePosition: (position, all, nowMs) =>
      acknowledge((mark) => mark.position <= position && (all || mark.byReading), nowMs),
    sentPicture: (bytes) => {
      pictureBytes += bytes
    },
    acknowledgePicture: (bytes, sentAtMs, nowMs) => {
      pictureBytes -= bytes
      measure(sentAtMs, nowMs)
    },
    rewind: () => {
      for (const mark of marks) mark.seq = -1
    },
    dueMs: () => {
      const [oldest] = marks
      return oldest === undefined ? Number.POSITIVE_INFINITY : oldest.bornAtMs + maxAgeMs + oldest.graceMs
    },
  }
}
