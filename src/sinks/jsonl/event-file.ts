import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { lineBegins } from './lines.ts'

/** A file of lines that is open for appending. Whoever opens it closes `handle`. */
export interface EventFile {
  readonly handle: FileHandle
  /** False for devices such as /dev/null, which are neither cut nor put aside. */
  readonly isRegular: boolean
  /** Appends lines. Never rejects: after an error the whole lines that were written stay, and a torn one is cut off. */
  append(lines: Buffer): Promise<Appended>
  /** Whether the path leads to another file now, or to none; and whether this one has no name any more. */
  isReplaced(): Promise<{ readonly isReplaced: boolean; readonly isDeleted: boolean }>
  /** Bytes, as the disk says: somebody else may have cut the file. */
  size(): Promise<number>
}

/** How far an `append` has come. */
export interface Appended {
  /** Bytes of the whole lines that are in the file. */
  readonly bytes: number
  /** Why not all of them are; null when they are. */
  readonly error: unknown
}

/** An unfinished line longer than this is not looked at. */
const MAX_TAIL_BYTES = 1_048_576

const isSame = (a: Stats, b: Stats): boolean => a.dev === b.dev && a.ino === b.ino

/**
 * Opens or creates the file. A last line that a crash left unfinished is taken away when it is one of our events, which comes
 * again if it matters, and is ended by a newline when it is something else. Throws what the file system throws, and for a
 * pipe, whose reader nobody would wait for.
 */
export const openEventFile = async (path: string): Promise<EventFile> => {
  await using opening = new AsyncDisposableStack()
  const handle = opening.use(await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT))
  const own = await handle.stat()
  if (own.isFIFO()) throw new Error('a pipe has taken its place')
  if (own.isFile()) await mendTail(handle, own.size)

  const size = async (): Promise<number> => (await handle.stat()).size
  const append = async (lines: Buffer): Promise<Appended> => {
    let written = 0
    try {
      while (written < lines.length) written += (await handle.write(lines, written)).bytesWritten
      return { bytes: written, error: null }
    } catch (error) {
      const bytes = lines.lastIndexOf(0x0a, written - 1) + 1
      // When this fails too, the torn line goes when the file is opened again.
      if (own.isFile() && written > bytes) await cut(handle, written - bytes).catch(() => undefined)
      return { bytes: written === 0 ? 0 : bytes, error }
    }
  }
  const isReplaced = async (): Promise<{ isReplaced: boolean; isDeleted: boolean }> => {
    const [now, named] = await Promise.all([handle.stat(), stat(path).catch(() => null)])
    return { isReplaced: named === null || !isSame(named, own), isDeleted: now.nlink === 0 }
  }
  opening.move()
  return { handle, isRegular: own.isFile(), append, isReplaced, size }
}

const cut = async (handle: FileHandle, bytes: number): Promise<void> =>
  handle.truncate((await handle.stat()).size - bytes)

const mendTail = async (handle: FileHandle, size: number): Promise<void> => {
  const length = Math.min(size, MAX_TAIL_BYTES)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
  const end = buffer.subarray(0, bytesRead)
  const tail = end.subarray(end.lastIndexOf(0x0a) + 1)
  if (tail.length === 0) return
  const isWholeLine = tail.length < length || length === size
  const begin = tail.subarray(0, lineBegins.length)
  if (isWholeLine && lineBegins.subarray(0, begin.length).equals(begin)) await handle.truncate(size - tail.length)
  else await handle.write('\n')
}
