import { describeError, RollcallError } from '../errors.ts'
import { type RollcallEvent, type Topic, topicOf } from '../events/types.ts'
import type { Log } from '../types.ts'
import type { Sink } from './sink.ts'

/** How an outbox is bounded, and whom it tells. */
export interface OutboxOptions {
  /** The most events that may wait for the sink. */
  readonly capacity: number
  /** Which topics may be dropped, oldest event first, when the sink cannot keep up; none for recordings. */
  readonly mayDrop: ReadonlySet<Topic>
  /** The event was dropped because the queue was full. */
  readonly onDrop: (event: RollcallEvent) => void
  /** The sink has these events. */
  readonly onDelivered?: (events: readonly RollcallEvent[]) => void
  /** The sink failed to take these events; they are lost to it. */
  readonly onFailure: (events: readonly RollcallEvent[], error: unknown) => void
  readonly log: Log
}

/** A bounded queue with its sink. `close` closes both. */
export interface Outbox {
  readonly sink: Sink
  /** Events that wait or are being published. */
  readonly size: () => number
  /** Resolves at once while there is room, otherwise when the sink has taken enough events. */
  push(events: readonly RollcallEvent[]): Promise<void>
  /** Delivers the events that wait, then closes the sink. */
  close(): Promise<void>
}

/** The most events in one `publish`: enough to amortise a write, few enough that new events do not wait long. */
const MAX_BATCH = 256

/**
 * Puts a bounded queue in front of a sink, so that a slow or broken sink does not stop vision or the other sinks. A full queue
 * drops the oldest event of a topic in `mayDrop`. When there is none, `push` waits; the vision processes then get no credit
 * and skip frames. Events of other topics are never dropped.
 */
export const createOutbox = (sink: Sink, options: OutboxOptions): Outbox => {
  let waiting: RollcallEvent[] = []
  let publishing: Promise<void> | undefined
  let inHand = 0
  let failing = false

  const publish = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      waiting = waiting.slice(MAX_BATCH)
      inHand = batch.length
      try {
        await sink.publish(batch)
        failing = false
        options.onDelivered?.(batch)
      } catch (error) {
        if (!failing)
          options.log.error(
            { sink: sink.name, error: error instanceof RollcallError ? describeError(error) : String(error) },
            'sink failed; its events are lost until it recovers',
          )
        failing = true
        options.onFailure(batch, error)
      }
      inHand = 0
    }
    publishing = undefined
  }

  const makeRoom = (): void => {
    const excess = waiting.length - options.capacity
    if (excess <= 0 || options.mayDrop.size === 0) return
    let dropped = 0
    waiting = waiting.filter((event) => {
      if (dropped === excess || !options.mayDrop.has(topicOf(event))) return true
      dropped++
      options.onDrop(event)
      return false
    })
  }

  return {
    sink,
    size: () => waiting.length + inHand,
    async push(events) {
      // One by one: `push(...events)` overflows the stack when there are very many.
      for (const event of events) waiting.push(event)
      makeRoom()
      publishing ??= publish()
      while (waiting.length > options.capacity && publishing) await publishing
    },
    async close() {
      sink.finish?.()
      try {
        await publishing
      } finally {
        await sink.close()
      }
    },
  }
}
