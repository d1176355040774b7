import { type FileHandle, open } from 'node:fs/promises'
import type { JournalOptions } from './journal.ts'
import type { RecentWrites } from './recent-writes.ts'
import { encodeRecords, type Payload } from './record.ts'
import { removeSegment, type Segment, segmentPath, syncDirectory } from './segments.ts'

/** The writing end of a journal. Calls of `append` must not overlap. */
export interface JournalWriter {
  /** The number that the next record gets. */
  next(): number
  /** Rejects with the file system's error; then the segment is closed, and the next call begins another one. */
  append(payloads: readonly Payload[]): Promise<void>
  /** Resolves when the disk has what was appended. */
  readonly sync: () => Promise<void>
  /** Closes the segment that is being written, synced unless the policy is `never`. The next `append` begins another. */
  seal(): Promise<void>
  isWriting(segment: Segment): boolean
}

/** What the writer shares with the reader of the same journal. */
export interface JournalWriterParts {
  readonly directory: string
  /** Oldest first. The writer adds at the end. */
  readonly segments: Segment[]
  readonly recent: RecentWrites
  /** The number of the first record of this run. */
  readonly first: number
  readonly options: JournalOptions
}

/** Opens no file before the first `append`, which begins a new segment. */
export const createJournalWriter = (parts: JournalWriterParts): JournalWriter => {
  const { directory, segments, recent, options } = parts
  let next = parts.first
  let writing: { readonly segment: Segment; readonly file: FileHandle } | null = null
  let isDirty = false

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

  /** Closes the segment after a failed write. What was written of it would be read after a restart, and then come twice. */
  const abandon = async (): Promise<void> => {
    if (writing === null) return
    const { segment, file } = writing
    writing = null
    await file.truncate(segment.bytes).catch(() => undefined)
    if (isDirty && options.fsync !== 'never') await file.datasync().catch(() => undefined)
    isDirty = false
    await file.close().catch(() => undefined)
    if (segment.bytes > 0) return
    segments.splice(segments.indexOf(segment), 1)
    await removeSegment(segment)
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

  return {
    next: () => next,
    append: async (payloads) => {
      if (writing !== null && writing.segment.bytes >= options.segmentBytes) await seal()
      writing ??= await begin()
      const { segment, file } = writing
      const buffer = encodeRecords(payloads, next)
      // The numbers are used up even when the write fails: part of it may have reached the disk, and no number may repeat.
      next += payloads.length
      try {
        for (let at = 0; at < buffer.length; )
          at += (await file.write(buffer, at, buffer.length - at, segment.bytes + at)).bytesWritten
        isDirty = true
        if (options.fsync === 'always') await sync()
      } catch (error) {
        await abandon()
        throw error
      }
      recent.add(segment, segment.bytes, buffer)
      segment.bytes += buffer.length
    },
    sync,
    seal,
    isWriting: (segment) => writing?.segment === segment,
  }
}
