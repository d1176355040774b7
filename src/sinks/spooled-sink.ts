import { setTimeout as sleep } from 'node:timers/promises'
import { describeDiskError } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Log } from '../types.ts'
import type { Sink } from './sink.ts'
import type { Journal } from './spool/journal.ts'
import type { Payload } from './spool/record.ts'
import { openSpool, type Spool } from './spool/spool.ts'

/** A sink that keeps its events on disk until somebody far away has them. It has a spool of its own. */
export interface SpooledSink extends Sink {
  /** Events on disk that wait. */
  readonly waiting: () => number
  /** Why `/readyz` says no: the spool is full, or cannot be read. */
  reasons(): readonly string[]
}

/** Takes what is in a journal to where it belongs. */
export interface Drain {
  /**
   * Delivers the records in order and acknowledges what has arrived, until `signal` aborts. Rejects when the journal cannot be
   * read; then it is called again.
   */
  run(journal: Journal, acknowledge: (number: number) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Frees what it has opened, after the last `run`. */
  close?(): Promise<void>
}

/** What a spooled sink is made of. */
export interface SpooledParts {
  readonly name: string
  /** Its key in the configuration, for errors. */
  readonly field: string
  /** Where its events wait; created when it is missing. */
  readonly directory: string
  /** What is kept of an event; null: it is none for this sink. */
  readonly entryOf: (event: RollcallEvent) => Payload | null
  readonly drain: Drain
  /** Whether nobody takes events now: then the end does not wait for it. */
  readonly isAway: () => boolean
  readonly log: Log
}

/** Rules, people and sightings of months: a receiver that is away for days costs no more. */
const MAX_BYTES = 268_435_456
/** How long a spool that cannot be read is left alone. */
const READ_AGAIN_MS = 5000
/** How long waiting events may take at the end; what is left goes out after the next start. */
const CLOSE_WITHIN_MS = 3000
/** How long an answer that does not come is waited for at the end. Its events go out again after the next start. */
const STOP_WITHIN_MS = 1000

/** Opens the spool and starts delivering what an earlier run left. Throws SINK when the spool cannot be opened. */
export const openSpooledSink = async (parts: SpooledParts): Promise<SpooledSink> => {
  const { name, field, directory, entryOf, log } = parts
  const spool = await openSpool(
    { directory, maxBytes: MAX_BYTES, segmentBytes: MAX_BYTES / 32, fsync: 'interval', fsyncMs: 1000 },
    { field, onDrop: () => undefined },
  )
  const draining = keepDraining(parts, spool)
  const waiting = (): number => spool.lanes.kept.records()
  let closing: Promise<void> | undefined

  const end = async (): Promise<void> => {
    spool.finish()
    const deadline = performance.now() + CLOSE_WITHIN_MS
    while (waiting() > 0 && draining.failure() === null && !parts.isAway() && performance.now() < deadline)
      await sleep(20)
    await draining.stop()
    if (waiting() > 0) log.warn({ sink: name, events: waiting() }, 'events stay on disk until the next start')
    await parts.drain.close?.()
    await spool.close()
  }

  return {
    name,
    waiting,
    publish: async (events) => {
      if (closing !== undefined) throw new RollcallError('SINK', `events to ${name}: already closed`)
      const payloads = events.flatMap((event) => entryOf(event) ?? [])
      await spool.append(payloads.map((payload) => ({ payload, mayDrop: false })))
    },
    reasons: () =>
      [spool.isFull() ? 'the spool is full' : null, draining.failure()].flatMap((reason) =>
        reason === null ? [] : `${field}: ${reason}`,
      ),
    finish: () => spool.finish(),
    close: () => (closing ??= end()),
  }
}

/** Runs the drain, again and again where the spool cannot be read. */
const keepDraining = ({ name, drain, log }: SpooledParts, spool: Spool) => {
  const stopping = new AbortController()
  const { signal } = stopping
  let failure: string | null = null
  const acknowledge = async (number: number): Promise<void> => {
    await spool.acknowledge('kept', number)
    failure = null
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await drain.run(spool.lanes.kept, acknowledge, signal)
      } catch (error) {
        const reason = `the spool cannot be read: ${describeDiskError(error)}`
        if (failure === null) log.error({ sink: name, error: describeDiskError(error) }, 'spool cannot be read')
        failure = reason
      }
      await sleep(READ_AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
  const over = run()
  return {
    failure: () => failure,
    stop: async (): Promise<void> => {
      stopping.abort()
      const stopped = new AbortController()
      const limit = sleep(STOP_WITHIN_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
      await Promise.race([over, limit])
      stopped.abort()
    },
  }
}
