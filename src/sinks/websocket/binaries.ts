import type { InFlightWindow } from './in-flight-window.ts'

/** A binary message may take a second longer for each so many bytes, as a snapshot may. */
const bytesPerSecond = 65_536

/** A binary message that the client has not acknowledged. */
interface Unacknowledged {
  readonly bytes: number
  readonly atMs: number
  readonly onGone: () => void
}

/** The binary messages of one client, which it acknowledges by their number. */
export interface Binaries {
  /** Whether there is room for so many bytes; one message may always be in flight. */
  hasRoom(bytes: number): boolean
  /** Sends the message. `onGone` is called when the client has acknowledged it. */
  send(message: Uint8Array, onGone: () => void): void
  /** The client has dealt with the first `n` messages. False when fewer have been sent. */
  acknowledge(n: number): boolean
  /** The message that is due first, and when it has to be acknowledged; null when none is in flight. */
  due(): { readonly n: number; readonly atMs: number } | null
}

/** Where binary messages go, and what bounds them. */
export interface BinariesDeps {
  readonly inFlight: InFlightWindow
  readonly send: (message: Uint8Array) => void
  readonly maxAgeMs: number
  /** Milliseconds on a clock that never jumps. */
  readonly ageMs: () => number
}

/** Numbers the binary messages of one client, stills and units alike, from 1 on, and keeps account of those in flight. */
export const createBinaries = ({ inFlight, send, maxAgeMs, ageMs }: BinariesDeps): Binaries => {
  /** Oldest first; the first one has the number `gone + 1`. */
  const unacknowledged: Unacknowledged[] = []
  let gone = 0
  return {
    hasRoom: (bytes) => inFlight.hasRoom(bytes, 'picture'),
    send: (message, onGone) => {
      unacknowledged.push({ bytes: message.length, atMs: ageMs(), onGone })
      inFlight.sentPicture(message.length)
      send(message)
    },
    acknowledge: (n) => {
      if (n > gone + unacknowledged.length) return false
      if (n <= gone) return true
      const acknowledged = unacknowledged.splice(0, n - gone)
      gone = n
      const nowMs = ageMs()
      for (const { bytes, atMs, onGone } of acknowledged) {
        inFlight.acknowledgePicture(bytes, atMs, nowMs)
        onGone()
      }
      return true
    },
    due: () => {
      const [oldest] = unacknowledged
      if (oldest === undefined) return null
      return { n: gone + 1, atMs: oldest.atMs + maxAgeMs + (1000 * oldest.bytes) / bytesPerSecond }
    },
  }
}
