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
  /** How many have been sent. */
  readonly sent: number
  /** Whether something is in flight, and the client has never acknowledged: only a pong can tell what it has read. */
  readonly waitsForReading: boolean
  /** Whether there is room for so many bytes; one message may always be in flight. */
  hasRoom(bytes: number): boolean
  /** Sends the message. `onGone` is called when the client has dealt with it. */
  send(message: Uint8Array, onGone: () => void): void
  /** The client has dealt with the first `n` messages. False, and without effect, when fewer have been sent. */
  acknowledge(n: number): boolean
  /** The client has read the first `n` messages. Until it acknowledges itself, that counts as acknowledging. */
  read(n: number): void
  /** Takes what was read, but not acknowledged in its time, for acknowledged. True when there was some. */
  releaseRead(nowMs: number): boolean
  /** Whether something was sent a quarter of `maxAgeMs` ago, and nothing says yet that it was read. */
  isUnread(nowMs: number): boolean
  /** The message that must be read first, and by when; null when none is in flight that was not read. */
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
  let read = 0
  let acknowledges = false
  const dueMs = ({ atMs, bytes }: Unacknowledged): number => atMs + maxAgeMs + (1000 * bytes) / bytesPerSecond
  const oldestUnread = (): Unacknowledged | undefined => unacknowledged[Math.max(0, read - gone)]
  const forget = (count: number, nowMs: number): void => {
    if (count <= 0) return
    const dealtWith = unacknowledged.splice(0, count)
    gone += dealtWith.length
    for (const { bytes, atMs, onGone } of dealtWith) {
      inFlight.acknowledgePicture(bytes, atMs, nowMs)
      onGone()
    }
  }
  return {
    get sent() {
      return gone + unacknowledged.length
    },
    get waitsForReading() {
      return !acknowledges && unacknowledged.length > 0
    },
    hasRoom: (bytes) => inFlight.hasRoom(bytes, 'picture'),
    send: (message, onGone) => {
      unacknowledged.push({ bytes: message.length, atMs: ageMs(), onGone })
      inFlight.sentPicture(message.length)
      send(message)
    },
    acknowledge: (n) => {
      if (n > gone + unacknowledged.length) return false
      acknowledges = true
      forget(n - gone, ageMs())
      return true
    },
    read: (n) => {
      read = Math.max(read, n)
      if (!acknowledges) forget(read - gone, ageMs())
    },
    releaseRead: (nowMs) => {
      const late = unacknowledged.slice(0, Math.max(0, read - gone)).findIndex((each) => dueMs(each) >= nowMs)
      const count = late < 0 ? Math.max(0, read - gone) : late
      forget(count, nowMs)
      return count > 0
    },
    isUnread: (nowMs) => {
      const oldest = oldestUnread()
      return oldest !== undefined && nowMs - oldest.atMs > maxAgeMs / 4
    },
    due: () => {
      const oldest = oldestUnread()
      return oldest === undefined ? null : { n: Math.max(gone, read) + 1, atMs: dueMs(oldest) }
    },
  }
}
