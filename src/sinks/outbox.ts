import { setTimeout as sleep } from 'node:timers/promises'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Log } from '../types.ts'
import { createEventQueue, type EventQueue, type EventQueueOptions, type EventsLeft } from './event-queue.ts'
import { createRetries, type Retries } from './retries.ts'
import type { Sink } from './sink.ts'

/** How an outbox is bounded, how long it tries, and whom it tells. */
export interface OutboxOptions extends EventQueueOptions {
  /** A sink that refuses everything for so long is given up; null: never, which suits cameras. */
  readonly giveUpAfterMs: number | null
  /** The sink has these events, and all that were added before and not dropped. */
  readonly onDelivered?: (events: readonly RollcallEvent[]) => void
  /** The sink did not take these events; they are published again. */
  readonly onFailure: (events: readonly RollcallEvent[], error: unknown) => void
  /** The sink will never take events again: its reader has gone, or it was given up. */
  readonly onGone: (error: unknown) => void
  readonly log: Log
  /** Resolves after `ms`, or when `signal` aborts; on the real clock when left out. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A bounded queue with its sink. `close` closes both. */
export interface Outbox {
  readonly sink: Sink
  /** Events in memory that wait or are being published. */
  readonly size: () => number
  /** Why the sink takes no events now; null while it does. */
  readonly failure: () => string | null
  /** Begins with what the log has left from before; so does the first `push`. */
  start(): void
  /** Resolves at once while there is room, otherwise when the sink has taken enough events. */
  push(events: readonly RollcallEvent[]): Promise<void>
  /** The process is ending: `push` waits no longer, and `close` gives up in time. */
  finish(): void
  /** Opens the sink's file again, and tries at once. Rejects when it cannot be opened. */
  reopen(): Promise<void>
  /**
   * Delivers the events that wait, then closes the sink. Says in one line what could not be delivered. Rejects with SINK
   * when that is lost and must not be: events about people that are kept nowhere, or any event of a recording.
   */
  close(): Promise<void>
}

/** The most events in one `publish`: enough to amortise a write, few enough that new events do not wait long. */
const MAX_BATCH = 256

/** How long `close` goes on delivering once the process is ending, or for cameras. */
const CLOSE_WITHIN_MS = 3000

const realPause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)

/**
 * Puts a bounded queue in front of a sink, so that a slow or broken sink does not stop vision or the other sinks. A batch that
 * fails is published again until the sink has it, so events arrive in order and none is passed over. What gives way when
 * the queue is full says `createEventQueue`; when nothing may, `push` waits, and the vision processes get no credit.
 */
export const createOutbox = (sink: Sink, options: OutboxOptions): Outbox => {
  const { pause = realPause } = options
  const stopped = new AbortController()
  const whenStopped = new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => resolve()))
  const queue = createEventQueue(options)
  const retries = createRetries(sink, { ...options, pause, signal: stopped.signal })
  let room = Promise.withResolvers<void>()
  let isFinishing = false
  let isGone = false
  let closing: Promise<void> | undefined

  const letIn = (): void => {
    room.resolve()
    room = Promise.withResolvers()
  }
  const giveUp = (error: unknown): void => {
    isGone = true
    stopped.abort()
    letIn()
    options.onGone(error)
  }
  const publisher = createPublisher(queue, retries, stopped.signal, {
    taken: (batch) => {
      options.onDelivered?.(batch)
      letIn()
    },
    gone: giveUp,
  })
  const limitClosing = (): void => {
    void pause(CLOSE_WITHIN_MS, stopped.signal).then(() => stopped.abort())
  }
  const end = async (): Promise<void> => {
    if (isFinishing || options.giveUpAfterMs === null) limitClosing()
    while (publisher.isPublishing() && !stopped.signal.aborted) await Promise.race([publisher.ended(), whenStopped])
    const lost = isGone ? null : reportLeft(queue.left(), sink.name, options, retries.failure())
    stopped.abort()
    const closed = sink.close()
    // A write that hangs holds up `close` too, and must not keep the process from ending.
    if (!publisher.isPublishing() || retries.isWaiting()) await closed
    else closed.catch(() => undefined)
    if (lost) throw lost
  }

  return {
    sink,
    size: queue.size,
    failure: retries.failure,
    start: publisher.start,
    push: async (events) => {
      if (stopped.signal.aborted) return
      queue.add(events)
      publisher.start()
      while (queue.isOverfull() && !isFinishing && !stopped.signal.aborted) await room.promise
    },
    finish: () => {
      isFinishing = true
      sink.finish?.()
      letIn()
      if (closing) limitClosing()
    },
    reopen: async () => {
      try {
        await sink.reopen?.()
      } finally {
        retries.now()
      }
    },
    close: () => (closing ??= end()),
  }
}

interface Publishing {
  /** The sink has this batch. */
  readonly taken: (batch: readonly RollcallEvent[]) => void
  /** It will never take events again, and why. */
  readonly gone: (error: unknown) => void
}

/** Publishes until nothing waits, one batch at a time. */
const createPublisher = (queue: EventQueue, retries: Retries, signal: AbortSignal, { taken, gone }: Publishing) => {
  let isPublishing = false
  let publishing: Promise<void> | undefined
  const publish = async (): Promise<void> => {
    try {
      for (let batch = queue.take(MAX_BATCH); batch.length > 0; batch = queue.take(MAX_BATCH)) {
        const outcome = await retries.publish(batch)
        if (outcome === 'stopped') return
        if (outcome !== 'taken') return gone(outcome.gone)
        queue.taken()
        taken(batch)
      }
    } catch (error) {
      // The log cannot be read.
      gone(error)
    } finally {
      // At once, not when somebody hears of the promise: an event that comes in between would wait for the next one.
      isPublishing = false
    }
  }
  return {
    /** Does nothing while it publishes, or once `signal` has aborted. */
    start: (): void => {
      if (signal.aborted || isPublishing) return
      isPublishing = true
      publishing = publish()
    },
    isPublishing: () => isPublishing,
    /** Resolves when it does not publish. */
    ended: () => publishing,
  }
}

/** Logs what is left, if anything. Returns the error when that is lost and must not be. */
const reportLeft = (
  left: EventsLeft,
  name: string,
  options: OutboxOptions,
  why: string | null,
): RollcallError | null => {
  const { kept, people, others } = left
  if (kept + people + others === 0) return null
  options.log.warn(
    { sink: name, kept, people, others, ...(why !== null && { error: why }) },
    'not all events could be delivered: kept ones go out after the next start, others are lost',
  )
  const lost = options.mayDrop.size === 0 ? people + others : people
  if (lost === 0) return null
  return new RollcallError('SINK', `events to ${name}: ${lost} could not be delivered${why ? `: ${why}` : ''}`, {
    remedy: 'Make sure that it can be written; with --state DIR events about people are kept until then.',
  })
}
