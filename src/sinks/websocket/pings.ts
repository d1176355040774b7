import type { WebSocket } from 'ws'
import type { InFlightWindow } from './in-flight-window.ts'

/** The client that is pinged. */
export interface PingDeps {
  readonly socket: WebSocket
  readonly inFlight: InFlightWindow
  /** How many binary messages have been sent. */
  readonly binariesSent: () => number
  readonly maxAgeMs: number
  /** Writes what has been gathered, so that the ping comes after it. */
  readonly flush: () => void
  readonly ageMs: () => number
}

/** What a client has read: the first so many chunks of text, and binary messages. */
export interface HasRead {
  readonly chunks: number
  readonly binaries: number
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
  /** What the client has read according to its pong; null when the pong answers none of our pings. */
  answered(pong: Buffer): HasRead | null
  /** Whether a pong has come since the last call. */
  hasAnswered(): boolean
}

/** Each ping carries how many chunks of text and binary messages were sent before it. */
export const createPings = ({ socket, inFlight, binariesSent, maxAgeMs, flush, ageMs }: PingDeps): Pings => {
  /** What was sent before the newest ping. */
  let covers: HasRead = { chunks: 0, binaries: 0 }
  let sentAtMs = Number.NEGATIVE_INFINITY
  let bytesSince = 0
  let answered = true
  return {
    send: () => {
      covers = { chunks: inFlight.chunksSent, binaries: binariesSent() }
      sentAtMs = ageMs()
      bytesSince = 0
      flush()
      socket.ping(`${covers.chunks},${covers.binaries}`)
    },
    countBytes: (bytes) => {
      bytesSince += bytes
    },
    isDue: () => bytesSince > inFlight.bytes / 4,
    isOverdue: (nowMs) =>
      (covers.chunks < inFlight.chunksSent || covers.binaries < binariesSent()) && nowMs - sentAtMs > maxAgeMs / 4,
    answered: (pong) => {
      answered = true
      const [chunks = NaN, binaries = NaN] = pong.toString('latin1').split(',').map(Number)
      return chunks <= inFlight.chunksSent && binaries <= binariesSent() ? { chunks, binaries } : null
    },
    hasAnswered: () => {
      const had = answered
      answered = false
      return had
    },
  }
}
