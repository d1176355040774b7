import type { RollcallEvent } from '../../events/types.ts'
import { inOrder } from '../../in-order.ts'
import type { Log } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { openCurrentFile } from './current-file.ts'
import { alreadyClosed, linesOf, writeFailed } from './lines.ts'
import type { RotationOptions } from './rotation.ts'

/**
 * Appends events as lines to a file. What fails leaves no part of a line behind, and the next `publish` opens the file again.
 * A file that was moved, replaced or deleted is noticed before each batch: events then go to a new file of that name. Throws
 * what the file system throws when the file cannot be opened at first.
 */
export const fileLines = async (path: string, rotation: RotationOptions, log: Log): Promise<Sink> => {
  const file = await openCurrentFile(path, rotation, log)
  let isClosed = false
  /** What is in the file already of a batch that failed. */
  let begun: { readonly events: readonly RollcallEvent[]; bytes: number } | null = null
  /** `reopen` may come during a `publish`. */
  const inTurn = inOrder()

  return {
    name: path,
    publish: (events) =>
      inTurn(async () => {
        if (isClosed) throw alreadyClosed(path)
        const batch = begun?.events === events ? begun : { events, bytes: 0 }
        begun = batch
        const lines = linesOf(events).subarray(batch.bytes)
        try {
          const { bytes, error } = await (await file.withRoom(lines.length)).append(lines)
          batch.bytes += bytes
          if (error !== null) throw error
          begun = null
        } catch (cause) {
          await file.drop().catch(() => undefined)
          throw writeFailed(path, cause)
        }
      }),
    reopen: () =>
      inTurn(async () => {
        if (isClosed) return
        await file.openAnew().catch((cause: unknown) => {
          throw writeFailed(path, cause)
        })
      }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await file.drop()
    },
  }
}
