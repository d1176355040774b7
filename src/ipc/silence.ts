import type { MainThread } from './main-thread.ts'
import { BEAT_EVERY_MS, type FromVision } from './messages.ts'

/** Tells whether a worker still works, from what it says and from what it does not say. */
export interface Silence {
  /** Notes a message. */
  heard(message: FromVision): void
  /** Called every `BEAT_EVERY_MS`: what is wrong, when the process is hung; otherwise null. */
  tick(): string | null
  /** How long nothing was heard, milliseconds. */
  silentMs(): number
}

/** A worker may take this long to load its models, as long as it uses the processor (TensorRT builds for minutes). */
const LOADING_WITHIN_MS = 15 * 60_000
/** A worker that loads and uses no processor may wait for a disk, so it gets this many times `hangAfterMs`. */
const IDLE_PATIENCE = 3
/** A machine on which one batch takes long takes several times longer when others need the processor. */
const SLOW_PATIENCE = 4
/** Sleeps, or is stopped. Neither ready to run (R), which others may keep it from, nor waiting for a disk (D). */
const idleStates: ReadonlySet<string> = new Set(['S', 'T', 't'])
/** No machine is that slow. */
const LONGEST_MS = 10 * 60_000

/**
 * Watches one process.
 *
 *   loading ── ready ──▶ analysing
 *
 * Analysing, it is hung when it sends nothing for `hangAfterMs`, or for four times the longest time that it was busy
 * before. Loading blocks its event loop, so there it is hung when its main thread is stopped, when that thread uses
 * no processor for three times `hangAfterMs` though it could, or after 15 minutes.
 *
 * Silence is counted in ticks, not read from a clock. When the identity process itself was suspended or busy, one tick
 * has passed, and what the workers sent meanwhile is read before the next one.
 */
export const createSilence = (hangAfterMs: number, look: () => MainThread | null): Silence => {
  let isReady = false
  let silentMs = 0
  let idleMs = 0
  let limitMs = hangAfterMs
  let ticks = -1

  const loading = (): string | null => {
    const thread = look()
    const isIdle = thread !== null && thread.ticks === ticks && idleStates.has(thread.state)
    ticks = thread?.ticks ?? -1
    idleMs = isIdle ? idleMs + BEAT_EVERY_MS : 0
    const patience = thread?.state === 'T' ? 1 : IDLE_PATIENCE
    if (idleMs >= hangAfterMs * patience) return `loaded its models and did nothing for ${seconds(idleMs)}`
    return silentMs >= LOADING_WITHIN_MS ? `was not ready after ${seconds(silentMs)}` : null
  }

  return {
    heard: (message) => {
      silentMs = 0
      idleMs = 0
      if (message.type === 'ready') isReady = true
      if (message.type === 'beat' && isReady)
        limitMs = Math.max(hangAfterMs, Math.min(LONGEST_MS, SLOW_PATIENCE * message.longestBusyMs))
    },
    tick: () => {
      silentMs += BEAT_EVERY_MS
      if (!isReady) return loading()
      return silentMs >= limitMs ? `did not answer for ${seconds(silentMs)}` : null
    },
    silentMs: () => silentMs,
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
