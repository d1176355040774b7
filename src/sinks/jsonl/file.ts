import { describeDiskError } from '../../disk.ts'
import type { RollcallEvent } from '../../events/types.ts'
import type { Log } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { type EventFile, openEventFile } from './event-file.ts'
import { alreadyClosed, linesOf, writeFailed } from './lines.ts'
import { type RotationOptions, rotate } from './rotation.ts'

/**
 * Appends events as lines to a file. What fails leaves no part of a line behind, and the next `publish` opens the file again.
 * A file that was moved, replaced or deleted is noticed before each batch: events then go to a new file of that name. Throws
 * what the file system throws when the file cannot be opened at first.
 */
export const fileLines = async (path: string, rotation: RotationOptions, log: Log): Promise<Sink> => {
  let file: EventFile | null = await openEventFile(path)
  let isClosed = false
  let cannotRotate = false
  let isMovedOn = false
  /** What is in the file already of a batch that failed. */
  let begun: { readonly events: readonly RollcallEvent[]; bytes: number } | null = null
  let last: Promise<unknown> = Promise.resolve()

  /** One thing at a time: `reopen` may come during a `publish`. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const openAnew = async (): Promise<EventFile> => {
    const old = file
    file = await openEventFile(path)
    await old?.handle.close().catch(() => undefined)
    return file
  }
  /** The file that `path` names. Where no new one can be made, one that was moved goes on. */
  const current = async (): Promise<EventFile> => {
    if (file === null) return openAnew()
    const { isReplaced, isDeleted } = await file.isReplaced()
    if (!isReplaced) {
      isMovedOn = false
      return file
    }
    const moved = file
    return openAnew().catch((error: unknown) => {
      if (isDeleted) throw error
      if (!isMovedOn)
        log.warn(
          { file: path, error: describeDiskError(error) },
          'no new events file can be made; events go on in the one that was moved away',
        )
      isMovedOn = true
      return moved
    })
  }
  const withRoom = async (opened: EventFile, bytes: number): Promise<EventFile> => {
    const { maxBytes, keep } = rotation
    if (maxBytes === null || !opened.isRegular) return opened
    const size = await opened.size()
    if (size === 0 || size + bytes <= maxBytes) return opened
    try {
      await rotate(path, keep)
      cannotRotate = false
      return await openAnew()
    } catch (error) {
      if (!cannotRotate)
        log.warn({ file: path, error: describeDiskError(error) }, 'events file cannot be rotated; it grows')
      cannotRotate = true
      return opened
    }
  }

  return {
    name: path,
    publish: (events) =>
      inTurn(async () => {
        if (isClosed) throw alreadyClosed(path)
        const batch = begun?.events === events ? begun : { events, bytes: 0 }
        begun = batch
        const lines = linesOf(events).subarray(batch.bytes)
        try {
          const { bytes, error } = await (await withRoom(await current(), lines.length)).append(lines)
          batch.bytes += bytes
          if (error !== null) throw error
          begun = null
        } catch (cause) {
          await file?.handle.close().catch(() => undefined)
          file = null
          throw writeFailed(path, cause)
        }
      }),
    reopen: () =>
      inTurn(async () => {
        if (isClosed) return
        await openAnew().catch((cause: unknown) => {
          throw writeFailed(path, cause)
        })
      }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await file?.handle.close()
    },
  }
}
