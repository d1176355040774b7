import type { WebSocket } from 'ws'
import type { InFlightWindow } from './in-flight-window.ts'

export interface PingDeps {
  readonly socket: WebSocket
  readonly inFlight: InFlightWindow
  readonly maxAgeMs: number
  /** Writes what has been gathered: a ping comes after it. */
  readonly flush: () => void
  readonly ageMs: () => number
}

/** Pings to one client. A pong says that everything sent before its ping has been read. */
export interface Pings {
  send(): void
  /** So many bytes more go to the client. */
  countBytes(bytes: number): void
  /** Enough has been sent since the last ping that a client which only answers pings might wait for the next one. */
  isDue(): boolean
  /** Something is in flight that no ping came after, for a quarter of `maxAgeMs`. */
  isOverdue(nowMs: number): boolean
  /** How many chunks the client has read, as a pong says; null when it is not a pong to one of ours. */
  answered(pong: Buffer): number | null
  /** Whether a pong has come since this was asked last. */
  hasAnswered(): boolean
}

export const createPings = ({ socket, inFlight, maxAgeMs, flush, ageMs }: PingDeps): Pings => {
  /** How many chunks the newest ping came after. */
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
