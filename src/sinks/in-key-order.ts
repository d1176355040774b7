import { setTimeout as sleep } from 'node:timers/promises'
import type { Journal } from './spool/journal.ts'
import type { JournalRecord } from './spool/record.ts'

/** How records are taken from a journal. */
export interface KeyOrder {
  /** Whose order is kept. */
  readonly keyOf: (record: JournalRecord) => string
  /** Tries once to deal with the record; never rejects. A number: not yet, try again after so many milliseconds. */
  readonly attempt: (record: JournalRecord, signal: AbortSignal) => Promise<'done' | number>
  /** The most attempts at once. */
  readonly parallel: number
  /** So many records more are dealt with, or (negative) acknowledged, that come after one that is not. */
  readonly onAhead: (records: number) => void
}

/** Read and not yet acknowledged: so far may others go on while one cannot be dealt with. */
const WINDOW = 512
const WINDOW_BYTES = 4_194_304

/**
 * Deals with the records of a journal until `signal` aborts: several at once, those of one key one after the other.
 *
 *   journal   a1 b1 a2 c1 …        parallel 2
 *   at once   a1 b1, then a2 c1    a2 waits for a1 only
 *
 * A record is acknowledged when it and all before it are dealt with. Rejects when the journal cannot be read.
 */
export const inKeyOrder = async (
  journal: Journal,
  { keyOf, attempt, parallel, onAhead }: KeyOrder,
  acknowledge: (number: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  /** Of those that were read whether they are done, in their order. */
  const window = new Map<number, boolean>()
  const lastOf = new Map<string, Promise<void>>()
  const slots = createSlots(parallel)
  let moved = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => moved.resolve(), { once: true })

  const dealWith = async (record: JournalRecord): Promise<void> => {
    while (!signal.aborted) {
      await slots.take()
      const outcome = signal.aborted ? 0 : await attempt(record, signal)
      slots.free()
      if (outcome === 'done') {
        window.set(record.number, true)
        onAhead(1)
        moved.resolve()
        return
      }
      await sleep(outcome, undefined, { signal }).catch(() => undefined)
    }
  }
  const begin = (record: JournalRecord): void => {
    const key = keyOf(record)
    window.set(record.number, false)
    const last = (lastOf.get(key) ?? Promise.resolve()).then(() => dealWith(record))
    lastOf.set(key, last)
    void last.then(() => {
      if (lastOf.get(key) === last) lastOf.delete(key)
    })
  }
  const acknowledgeDone = async (): Promise<void> => {
    let last = 0
    let count = 0
    for (const [number, isDone] of window) {
      if (!isDone) break
      last = number
      count++
      window.delete(number)
    }
    if (count === 0) return
    await acknowledge(last)
    onAhead(-count)
  }

  try {
    while (!signal.aborted) {
      moved = Promise.withResolvers()
      if (signal.aborted) break
      await acknowledgeDone()
      const room = WINDOW - window.size
      if (room > 0) for (const record of await journal.read(room, WINDOW_BYTES)) begin(record)
      await Promise.race([moved.promise, ...(window.size < WINDOW ? [journal.readable()] : [])])
    }
  } finally {
    await Promise.all(lastOf.values())
    await acknowledgeDone()
  }
}

/** At most so many at once; the others wait in their order. */
const createSlots = (count: number) => {
  let free = count
  const waiting: (() => void)[] = []
  return {
    take: async (): Promise<void> => {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    free: (): void => {
      const next = waiting.shift()
      if (next) next()
      else free++
    },
  }
}
