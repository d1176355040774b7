import { batchAfter, type EventBatch } from './event-batch.ts'
import type { ReplayBuffer } from './replay-buffer.ts'

/** So many events are enough to be written: more would save little more. */
const gatherEvents = 32

export interface EventPumpDeps {
  readonly replay: ReplayBuffer
  readonly gatherMs: number
  readonly maxAgeMs: number
  readonly ageMs: () => number
  /** Gives every client what is new; `batch` is that for most. */
  readonly deliver: (batch: EventBatch | undefined) => void
}

export interface EventPump {
  /** Events were added at `nowMs`: delivers at once after a pause or when there is much, else a little later. */
  soon(nowMs: number): void
  /** Delivers what there is. */
  now(): void
}

/** Delivers what is published within `gatherMs` of the last delivery together: one write to each client. */
export const createEventPump = ({ replay, gatherMs, maxAgeMs, ageMs, deliver }: EventPumpDeps): EventPump => {
  let notBeforeMs = Number.NEGATIVE_INFINITY
  let deliveredSeq = 0
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  const now = (): void => {
    clearTimeout(timer)
    clearImmediate(immediate)
    timer = immediate = undefined
    const nowMs = ageMs()
    const batch = batchAfter(deliveredSeq, replay, nowMs, maxAgeMs)
    notBeforeMs = nowMs + gatherMs
    deliveredSeq = replay.head
    deliver(batch)
  }
  return {
    now,
    soon: (nowMs) => {
      const isDue = nowMs >= notBeforeMs || replay.head - deliveredSeq >= gatherEvents
      if (isDue) immediate ??= setImmediate(now)
      else timer ??= setTimeout(now, notBeforeMs - nowMs)
    },
  }
}
