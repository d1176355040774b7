import { describeError, RollcallError } from '../errors.ts'
import { type Log, type RollcallEvent, type Topic, topicOf } from '../types.ts'
import type { Sink } from './sink.ts'

export interface OutboxOptions {
  /** Most events that wait for the sink. */
  readonly capacity: number
  /** Which topics may be dropped, oldest event first, when the sink cannot keep up; none for recordings. */
  readonly mayDrop: ReadonlySet<Topic>
  readonly onDrop: (event: RollcallEvent) => void
  /** The sink has these events. */
  readonly onDelivered?: (events: readonly RollcallEvent[]) => void
  /** The sink refused these events; they are lost to it. */
  readonly onFailure: (events: readonly RollcallEvent[], error: unknown) => void
  readonly log: Log
}

export interface Outbox {
  readonly sink: Sink
  readonly size: () => number
  /** Resolves at once while there is room; otherwise when the sink has made some. */
  push(events: readonly RollcallEvent[]): Promise<void>
  /** Delivers what waits, then closes the sink. */
  close(): Promise<void>
}

/** Most events a `publish`: enough to amortise a write, small enough to keep the newest moving. */
const MAX_BATCH = 256

/**
 * The bounded queue in front of one sink, so that a slow or broken sink harms neither vision nor the other sinks. A full
 * queue drops the oldest event of a topic that may be dropped; when there is none, whoever pushes waits, and with it
 * the vision processes, which then skip frames instead. People events are never dropped.
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
      // One by one: arguments are on the stack, and there may be more events than it has room for.
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
