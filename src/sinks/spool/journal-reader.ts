import { type FileHandle, open } from 'node:fs/promises'
import type { RecentWrites } from './recent-writes.ts'
import { type Decoded, decodeRecords, type JournalRecord } from './record.ts'
import { readAt, type Segment } from './segments.ts'

/** The reading end of a journal. Calls of `read` must not overlap. */
export interface JournalReader {
  /** The next records in order, up to the limits; at least one if there is any. Empty when all are read. */
  readonly read: (maxRecords: number, maxBytes: number) => Promise<readonly JournalRecord[]>
  /** The number of the last record that was read. */
  at(): number
  /** Records that were read and are not acknowledged. */
  inHand(): number
  /** Everything up to this number is delivered. */
  acknowledge(number: number): void
  /** Something was appended. */
  wake(): void
  hasUnread(): boolean
  /** Resolves when there is something that has not been read. */
  readonly readable: () => Promise<void>
  /** Resolves when no `read` is in progress. */
  idle(): Promise<unknown>
  /** Bytes that belonged to no whole record. */
  readonly damagedBytes: () => number
  /** Closes the segment that is being read, if any. */
  close(): Promise<void>
}

/** What the reader shares with the writer of the same journal. */
export interface JournalReaderParts {
  /** Oldest first. The reader only looks. */
  readonly segments: readonly Segment[]
  readonly recent: RecentWrites
  /** Records up to this number were delivered by an earlier run and are skipped. */
  readonly after: number
}

/** Opens no file before the first `read`. */
export const createJournalReader = ({ segments, recent, after }: JournalReaderParts): JournalReader => {
  let reading: Position | null = null
  let busy: Promise<unknown> = Promise.resolve()
  let read = after
  let inHand = 0
  let damaged = 0
  let unread = segments.some(({ bytes }) => bytes > 0)
  let appended = Promise.withResolvers<void>()

  /** Goes to the next segment when this one is read to its end or was dropped. False when nothing is left. */
  const findUnread = async (): Promise<boolean> => {
    for (;;) {
      const at = reading ? segments.indexOf(reading.segment) : -1
      if (reading && at >= 0 && reading.offset < reading.segment.bytes) return true
      const following = segments[at + 1]
      if (following === undefined) {
        unread = false
        return false
      }
      await reading?.file.close()
      reading = null
      reading = { segment: following, file: await open(following.path), offset: 0 }
    }
  }

  const readSome = async (maxRecords: number, maxBytes: number): Promise<readonly JournalRecord[]> => {
    for (;;) {
      if (!(await findUnread()) || reading === null) return []
      const left = reading.segment.bytes - reading.offset
      const decoded = await decodeNext(reading, recent, maxRecords, maxBytes)
      reading.offset += decoded.consumed === 0 ? left : decoded.consumed
      damaged += decoded.damaged
      const records = decoded.records.filter(({ number }) => number > read)
      const last = records.at(-1)
      if (last === undefined) continue
      read = last.number
      inHand += records.length
      return records
    }
  }

  return {
    read: (maxRecords, maxBytes) => {
      const records = readSome(maxRecords, maxBytes)
      busy = records.catch(() => undefined)
      return records
    },
    at: () => read,
    inHand: () => inHand,
    acknowledge: (number) => {
      inHand = Math.min(inHand, Math.max(0, read - number))
    },
    wake: () => {
      unread = true
      appended.resolve()
      appended = Promise.withResolvers()
    },
    hasUnread: () => unread,
    readable: () => (unread ? Promise.resolve() : appended.promise),
    idle: () => busy,
    damagedBytes: () => damaged,
    close: async () => reading?.file.close(),
  }
}

interface Position {
  readonly segment: Segment
  readonly file: FileHandle
  /** Bytes of the segment that have been read. */
  offset: number
}

/** Decodes what follows the position. A record larger than `maxBytes` takes all that is left of the segment. */
const decodeNext = async (
  { segment, file, offset }: Position,
  recent: RecentWrites,
  maxRecords: number,
  maxBytes: number,
): Promise<Decoded> => {
  const left = segment.bytes - offset
  const wanted = Math.min(left, maxBytes)
  const buffer = recent.take(segment, offset, wanted) ?? (await readAt(file, offset, wanted))
  const decoded = decodeRecords(buffer, maxRecords, buffer.length >= left)
  return decoded.consumed > 0 ? decoded : decodeRecords(await readAt(file, offset, left), maxRecords, true)
}
