import type { WebSocket } from 'ws'
import type { InFlightWindow } from './in-flight-window.ts'

/** The client that is pinged. */
export interface PingDeps {
  readonly socket: WebSocket
  readonly inFlight: InFlightWindow
  readonly maxAgeMs: number
  /** Writes what has been gathered, so that the ping comes after it. */
  readonly flush: () => void
  readonly ageMs: () => number
}

/** Pings to one client. A pong says that everything sent before its ping has been read. */
export interface Pings {
  send(): void
  /** So many more bytes were sent. */
  countBytes(bytes: number): void
  /** Whether so much was sent since the last ping that the client might have to wait for the next one. */
  isDue(): boolean
  /** Whether something is in flight that no ping followed, and the last ping is a quarter of `maxAgeMs` ago. */
  isOverdue(nowMs: number): boolean
  /** How many chunks the client has read according to its pong; null when the pong answers none of our pings. */
  answered(pong: Buffer): number | null
  /** Whether a pong has come since the last call. */
  hasAnswered(): boolean
}

/** Each ping carries the number of chunks that were sent before it. */
export const createPings = ({ socket, inFlight, maxAgeMs, flush, ageMs }: PingDeps): Pings => {
  /** How many chunks were sent before the newest ping. */
  let coversChunks = 0
  let sentAtMs = Number.NEGATIVE_INFINITY
  let bytesSince = 0
  let answered = true
  return {
    send: () => {
      coversChunks = inFlight.chunksSent
      sentAtMs = ageMs()
      bytesSince = 0
      flush()
      socket.ping(String(coversChunks))
    },
    countBytes: (bytes) => {
      bytesSince += bytes
    },
    isDue: () => bytesSince > inFlight.bytes / 4,
    isOverdue: (nowMs) => coversChunks < inFlight.chunksSent && nowMs - sentAtMs > maxAgeMs / 4,
    answered: (pong) => {
      answered = true
      const chunks = Number(pong.toString('latin1'))
      return chunks <= inFlight.chunksSent ? chunks : null
    },
    hasAnswered: () => {
      const had = answered
      answered = false
      return had
    },
  }
}
