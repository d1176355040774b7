import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { openCursor } from './cursor.ts'
import { createRecentWrites } from './recent-writes.ts'
import { decodeRecords, encodeRecords, type JournalRecord, type Payload } from './record.ts'
import {
  lastNumberIn,
  listSegments,
  readAt,
  removeSegment,
  type Segment,
  segmentPath,
  syncDirectory,
} from './segments.ts'

export interface JournalOptions {
  /** A new segment is begun once one has this size. */
  readonly segmentBytes: number
  /** `always`: `append` resolves when the disk has the records. Otherwise when the operating system has them. */
  readonly fsync: 'always' | 'interval' | 'never'
}

/**
 * An ordered log on disk with one writer and one reader of the same process. Records are numbered, appended, read once in
 * order, and acknowledged; what was not acknowledged is read again after a restart. Calls of `append`, and those of `read` and
 * `acknowledge`, must not overlap with themselves.
 */
export interface Journal {
  /** All or nothing as far as this process knows; a crash in between keeps a beginning of it. */
  append(payloads: readonly Payload[]): Promise<void>
  /** The records after those read before, as many as there are up to the limits; at least one if there is any. */
  read(maxRecords: number, maxBytes: number): Promise<readonly JournalRecord[]>
  /** Everything up to this number is delivered and may be forgotten. */
  acknowledge(number: number): Promise<void>
  /** Gives up the oldest segment. Returns how many records that loses. */
  dropOldest(): Promise<number>
  /** Writes through to the disk, for the policy `interval`. */
  sync(): Promise<void>
  /** Resolves when there is something that has not been read. */
  readable(): Promise<void>
  readonly bytes: () => number
  /** Records that are not acknowledged; after damage a little more than there are. */
  readonly records: () => number
  /** Bytes which belonged to no whole record. */
  readonly damagedBytes: () => number
  close(): Promise<void>
}

/**
 * Opens the journal in `directory`. Every opening begins a new segment, so that a torn end is never written behind; what is
 * whole in the old ones is read first.
 */
export const openJournal = async (directory: string, options: JournalOptions): Promise<Journal> => {
  await using opening = new AsyncDisposableStack()
  const segments = await listSegments(directory)
  const cursor = opening.adopt(await openCursor(join(directory, 'cursor')), (opened) => opened.close())
  const newest = segments.at(-1)
  let next = Math.max(newest ? Math.max(newest.first, await lastNumberIn(newest)) : 0, cursor.at()) + 1
  let writing: { readonly segment: Segment; readonly file: FileHandle } | null = null
  let isDirty = false
  let reading: { readonly segment: Segment; readonly file: FileHandle; offset: number } | null = null
  const recent = createRecentWrites()
  let busy: Promise<unknown> = Promise.resolve()
  let read = cursor.at()
  /** Read and not acknowledged. */
  let inHand = 0
  let damaged = 0
  let unread = segments.some(({ bytes }) => bytes > 0)
  let wake = Promise.withResolvers<void>()

  const sync = async (): Promise<void> => {
    if (!isDirty || writing === null) return
    isDirty = false
    await writing.file.datasync()
  }

  const seal = async (): Promise<void> => {
    if (writing === null) return
    try {
      if (options.fsync !== 'never') await sync()
    } finally {
      const { file } = writing
      writing = null
      await file.close()
    }
  }

  const begin = async () => {
    const segment: Segment = { path: segmentPath(directory, next), first: next, bytes: 0 }
    await using beginning = new AsyncDisposableStack()
    const file = beginning.use(await open(segment.path, 'w', 0o600))
    if (options.fsync !== 'never') await syncDirectory(directory)
    beginning.move()
    segments.push(segment)
    return { segment, file }
  }

  /** Moves the reader on when its segment is read to its end or was given up. False when nothing is left. */
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
      const { segment, file, offset } = reading
      const left = segment.bytes - offset
      const wanted = Math.min(left, maxBytes)
      let buffer = recent.take(segment, offset, wanted) ?? (await readAt(file, offset, wanted))
      let decoded = decodeRecords(buffer, maxRecords, buffer.length >= left)
      if (decoded.consumed === 0) {
        buffer = await readAt(file, offset, left)
        decoded = decodeRecords(buffer, maxRecords, true)
      }
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

  const forget = async (): Promise<void> => {
    for (let second = segments[1]; second !== undefined && second.first <= cursor.at() + 1; second = segments[1]) {
      const oldest = segments.shift() as Segment
      await removeSegment(oldest)
    }
  }

  const unreadRecords = (): number => (unread ? next - Math.max(read + 1, segments[0]?.first ?? next) : 0)

  opening.move()
  return {
    append: async (payloads) => {
      if (payloads.length === 0) return
      if (writing !== null && writing.segment.bytes >= options.segmentBytes) await seal()
      writing ??= await begin()
      const { segment, file } = writing
      const buffer = encodeRecords(payloads, next)
      // Even when this fails: what reached the disk all the same must not share a number with something else.
      next += payloads.length
      try {
        for (let at = 0; at < buffer.length; )
          at += (await file.write(buffer, at, buffer.length - at, segment.bytes + at)).bytesWritten
        isDirty = true
        if (options.fsync === 'always') await sync()
      } catch (error) {
        await seal().catch(() => undefined)
        throw error
      }
      recent.add(segment, segment.bytes, buffer)
      segment.bytes += buffer.length
      unread = true
      wake.resolve()
      wake = Promise.withResolvers()
    },
    read: (maxRecords, maxBytes) => {
      const records = readSome(maxRecords, maxBytes)
      busy = records.catch(() => undefined)
      return records
    },
    acknowledge: async (number) => {
      cursor.moveTo(number)
      inHand = Math.min(inHand, Math.max(0, read - number))
      await forget()
    },
    dropOldest: async () => {
      await busy
      const oldest = segments[0]
      if (oldest === undefined) return 0
      if (writing?.segment === oldest) await seal()
      segments.shift()
      await removeSegment(oldest)
      // What is read is being delivered already.
      const from = Math.max(oldest.first, read + 1)
      return Math.max(0, (segments[0]?.first ?? next) - from)
    },
    sync,
    readable: () => (unread ? Promise.resolve() : wake.promise),
    bytes: () => segments.reduce((sum, { bytes }) => sum + bytes, 0),
    records: () => inHand + unreadRecords(),
    damagedBytes: () => damaged,
    close: async () => {
      await busy
      await using closing = new AsyncDisposableStack()
      closing.defer(() => cursor.close())
      closing.defer(() => reading?.file.close())
      closing.defer(seal)
    },
  }
}
