import { join } from 'node:path'
import { openConsumerOffset } from './consumer-offset.ts'
import { createJournalReader } from './journal-reader.ts'
import { createJournalWriter } from './journal-writer.ts'
import { createRecentWrites } from './recent-writes.ts'
import type { JournalRecord, Payload } from './record.ts'
import { lastNumberIn, listSegments, removeSegment, type Segment } from './segments.ts'

/** How a journal is written; see `spoolOptions` for what each choice costs. */
export interface JournalOptions {
  /** A new segment is begun once one has this size. */
  readonly segmentBytes: number
  /** `always`: `append` resolves when the disk has the records. Otherwise when the operating system has them. */
  readonly fsync: 'always' | 'interval' | 'never'
}

/**
 * An ordered log on disk with one writer and one reader, both in this process. Records are numbered, appended, read once in
 * order, and acknowledged. What was not acknowledged is read again after a restart. Two calls of `append` must not overlap,
 * nor two of `read` or `acknowledge`; an `append` may overlap a `read`.
 */
export interface Journal {
  /** Appends all of them or rejects. A crash in between may leave only the first ones on disk. */
  append(payloads: readonly Payload[]): Promise<void>
  /** The next records in order, up to the limits; at least one if there is any. Empty when all are read. */
  read(maxRecords: number, maxBytes: number): Promise<readonly JournalRecord[]>
  /** Everything up to this number is delivered and may be forgotten. */
  acknowledge(number: number): Promise<void>
  /** Deletes the oldest segment. Resolves to the number of its records that nobody has read. */
  dropOldest(): Promise<number>
  /** Writes through to the disk, for the policy `interval`. */
  sync(): Promise<void>
  /** Resolves when there is something that has not been read. */
  readable(): Promise<void>
  readonly bytes: () => number
  /** Records that are not acknowledged; too high after damage, by the records that are lost. */
  readonly records: () => number
  /** Bytes that belonged to no whole record. */
  readonly damagedBytes: () => number
  close(): Promise<void>
}

/** The name that the first release gave the file; another one would deliver the events of existing spools again. */
const OFFSET_FILE = 'cursor'

/**
 * Opens the journal in `directory`, and creates it where there is none. Every opening begins a new segment, so nothing is
 * ever written after a torn end. The whole records of older segments are read first. Throws what the file system throws.
 */
export const openJournal = async (directory: string, options: JournalOptions): Promise<Journal> => {
  await using opening = new AsyncDisposableStack()
  const segments = await listSegments(directory)
  const delivered = opening.adopt(await openConsumerOffset(join(directory, OFFSET_FILE)), (opened) => opened.close())
  const newest = segments.at(-1)
  const first = Math.max(newest ? Math.max(newest.first, await lastNumberIn(newest)) : 0, delivered.at()) + 1
  const recent = createRecentWrites()
  const writer = createJournalWriter({ directory, segments, recent, first, options })
  const reader = createJournalReader({ segments, recent, after: delivered.at() })

  const removeDelivered = async (): Promise<void> => {
    for (let second = segments[1]; second !== undefined && second.first <= delivered.at() + 1; second = segments[1])
      await removeSegment(segments.shift() as Segment)
  }

  /** Records from `first` to before `end` that have not been read. */
  const unread = (first: number, end: number): number => Math.max(0, end - Math.max(reader.at() + 1, first))

  opening.move()
  return {
    append: async (payloads) => {
      if (payloads.length === 0) return
      await writer.append(payloads)
      reader.wake()
    },
    read: reader.read,
    acknowledge: async (number) => {
      delivered.moveTo(number)
      reader.acknowledge(number)
      await removeDelivered()
    },
    dropOldest: async () => {
      await reader.idle()
      const oldest = segments[0]
      if (oldest === undefined) return 0
      if (writer.isWriting(oldest)) await writer.seal()
      segments.shift()
      await removeSegment(oldest)
      // What is read is being delivered already.
      return unread(oldest.first, segments[0]?.first ?? writer.next())
    },
    sync: writer.sync,
    readable: reader.readable,
    bytes: () => segments.reduce((sum, { bytes }) => sum + bytes, 0),
    records: () =>
      reader.inHand() + (reader.hasUnread() ? unread(segments[0]?.first ?? writer.next(), writer.next()) : 0),
    damagedBytes: reader.damagedBytes,
    close: async () => {
      await reader.idle()
      await using closing = new AsyncDisposableStack()
      closing.defer(() => delivered.close())
      closing.defer(() => reader.close())
      closing.defer(() => writer.seal())
    },
  }
}
