import { batchAfter, type EventBatch } from './event-batch.ts'
import type { ReplayBuffer } from './replay-buffer.ts'

/** So many events are written without waiting for more, which would save little. */
const gatherEvents = 32

/** Where the pump reads, how long it gathers, and to whom it delivers. */
export interface EventPumpDeps {
  readonly replay: ReplayBuffer
  /** The least time between two deliveries, unless there is much to deliver. */
  readonly gatherMs: number
  readonly maxAgeMs: number
  readonly ageMs: () => number
  /** Gives every client what is new. `batch` holds what most clients get. */
  readonly deliver: (batch: EventBatch | undefined) => void
}

/** Decides when events go to the clients. */
export interface EventPump {
  /** Events were added at `nowMs`. Delivers at once after a pause or when there are many, otherwise a little later. */
  soon(nowMs: number): void
  /** Delivers what there is. */
  now(): void
}

/** Gathers what is published within `gatherMs` of the last delivery, so that it is one write to each client. */
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
