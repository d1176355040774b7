import { describeDiskError } from '../../disk.ts'
import type { Log } from '../../types.ts'
import { type EventFile, openEventFile } from './event-file.ts'
import { type RotationOptions, rotate } from './rotation.ts'

/** The events file of a path, whichever that is by now. */
export interface CurrentFile {
  /**
   * The file that `path` names, opened anew when it was moved, replaced or deleted, and rotated when `bytes` more would be
   * too many. Where no new one can be made, one that was moved goes on. Throws what the file system throws.
   */
  withRoom(bytes: number): Promise<EventFile>
  /** Opens it again. The old one goes on when that throws. */
  openAnew(): Promise<EventFile>
  /** Closes it; the next `withRoom` opens it again. */
  drop(): Promise<void>
}

/** Opens the file. Throws what the file system throws. */
export const openCurrentFile = async (path: string, rotation: RotationOptions, log: Log): Promise<CurrentFile> => {
  let file: EventFile | null = await openEventFile(path)
  let cannotRotate = false
  let isMovedOn = false

  const openAnew = async (): Promise<EventFile> => {
    const old = file
    file = await openEventFile(path)
    await old?.handle.close().catch(() => undefined)
    return file
  }
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
  const rotated = async (opened: EventFile, bytes: number): Promise<EventFile> => {
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
    withRoom: async (bytes) => rotated(await current(), bytes),
    openAnew,
    drop: async () => {
      const old = file
      file = null
      await old?.handle.close()
    },
  }
}
