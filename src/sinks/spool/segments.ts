import { type FileHandle, open, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectorySoon } from '../../make-directory.ts'
import { decodeRecords } from './record.ts'

/** One file of a journal. Its name is the number of its first record. */
export interface Segment {
  readonly path: string
  readonly first: number
  /** Bytes up to the end of the last write that succeeded: these may be read. */
  bytes: number
}

const NAME = /^(\d{16})\.log$/

/** The name has 16 digits, so that names sort as numbers. */
export const segmentPath = (directory: string, first: number): string =>
  join(directory, `${String(first).padStart(16, '0')}.log`)

/** The segments of an earlier run, oldest first; `directory` is created when there is none. */
export const listSegments = async (directory: string): Promise<Segment[]> => {
  await makeDirectorySoon(directory, { mode: 0o700 })
  const names = (await readdir(directory)).filter((name) => NAME.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name)
      return { path, first: Number(NAME.exec(name)?.[1]), bytes: (await stat(path)).size }
    }),
  )
}

const READ_BYTES = 4 * 1024 * 1024

/** The number of the last whole record; 0 when there is none. Reads the file from its beginning. */
export const lastNumberIn = async ({ path, bytes }: Segment): Promise<number> => {
  const file = await open(path)
  try {
    let last = 0
    let chunk = READ_BYTES
    for (let at = 0; at < bytes; ) {
      const buffer = await readAt(file, at, Math.min(chunk, bytes - at))
      const { records, consumed } = decodeRecords(buffer, Number.POSITIVE_INFINITY, at + buffer.length >= bytes)
      for (const { number } of records) if (number > last) last = number
      at += consumed
      // No whole record: one is larger than the chunk, or a damaged length says so.
      chunk = consumed === 0 ? bytes : READ_BYTES
    }
    return last
  } finally {
    await file.close()
  }
}

/** Fewer bytes when the file ends before. */
export const readAt = async (file: FileHandle, at: number, bytes: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, at)
  return buffer.subarray(0, bytesRead)
}

/** Makes a created or deleted file's name survive a loss of power. */
export const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory)
  await handle.sync().finally(() => handle.close())
}

/** Never rejects: a file that is gone already, or cannot be deleted, must not stop the journal. */
export const removeSegment = (segment: Segment): Promise<void> => unlink(segment.path).catch(() => undefined)
