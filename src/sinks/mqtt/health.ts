import type { Log } from '../../types.ts'

/** What a broker does, from one connection to the next. */
export interface Health {
  /** A connection has begun. */
  opened(): void
  /** The broker has taken all that it was given. */
  taken(): void
  /** The connection has ended, or there was none. */
  lost(error: unknown): void
  /** Why the broker takes nothing now; null while it does, and before the first attempt. */
  readonly absence: () => string | null
  /** How long to wait before the next connection. */
  readonly retryMs: () => number
}

const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 10_000
/** A connection that has lasted so long was a good one. */
const STEADY_MS = 10_000

/**
 * Logs when the broker takes no more events, and when it does again. One that lets Rollcall in and soon ends the connection, again
 * and again, is said to take none until a connection lasts: it may refuse a message, or let in another client of the same name.
 */
export const createHealth = (log: Log, nowMs: () => number = () => performance.now()): Health => {
  let absence: string | null = null
  let failures = 0
  let isSaid = false
  let openedMs: number | null = null
  let isFlapping = false
  return {
    opened: () => {
      openedMs = nowMs()
    },
    taken: () => {
      absence = null
      const isSteady = nowMs() - (openedMs ?? 0) >= STEADY_MS
      if (isSteady) failures = 0
      if (!isSaid || (isFlapping && !isSteady)) return
      isSaid = false
      isFlapping = false
      log.info({}, 'mqtt takes events again')
    },
    lost: (error) => {
      const lastedMs = openedMs === null ? null : nowMs() - openedMs
      openedMs = null
      if (lastedMs !== null && lastedMs < STEADY_MS) isFlapping = true
      if (lastedMs !== null && lastedMs >= STEADY_MS) failures = 0
      failures++
      absence = error instanceof Error ? error.message || error.name : String(error)
      if (!isSaid) log.warn({ error: absence }, 'mqtt takes no events; they wait on disk')
      isSaid = true
    },
    absence: () => absence,
    retryMs: () => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10)),
  }
}
