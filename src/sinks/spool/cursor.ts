import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** How far a journal has been delivered, in a file of its own. */
export interface Cursor {
  /** The number of the last record that was delivered; 0 at first. */
  readonly at: () => number
  /** Throws when an earlier position could not be written. */
  moveTo(number: number): void
  /** Writes the position and closes the file. */
  close(): Promise<void>
}

const SLOT_BYTES = 10

const slotAt = (bytes: Buffer, offset: number): number => {
  if (bytes.length < offset + SLOT_BYTES) return 0
  const number = bytes.subarray(offset, offset + 6)
  return crc32(number) === bytes.readUInt32BE(offset + 6) ? number.readUIntBE(0, 6) : 0
}

/** A write costs as much as some events do; after a crash so much more is repeated. */
const WRITE_AFTER_MS = 100

/**
 * Two slots (u48 number, u32 CRC-32) are written in turn, so that a torn write leaves the other; the higher one that is whole
 * counts. It is written some time later and not synced: after a crash an older position means repeats, never a loss.
 */
export const openCursor = async (path: string): Promise<Cursor> => {
  await using opening = new AsyncDisposableStack()
  const file: FileHandle = opening.use(await open(path, constants.O_RDWR | constants.O_CREAT, 0o600))
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * SLOT_BYTES), 0, 2 * SLOT_BYTES, 0)
  const slots = [0, SLOT_BYTES].map((offset) => slotAt(buffer.subarray(0, bytesRead), offset))
  let at = Math.max(...slots)
  let written = at
  let next = slots[0] === at && at > 0 ? 1 : 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let failure: unknown

  const write = async (): Promise<void> => {
    if (at === written) return
    written = at
    const slot = Buffer.alloc(SLOT_BYTES)
    slot.writeUIntBE(at, 0, 6)
    slot.writeUInt32BE(crc32(slot.subarray(0, 6)), 6)
    const offset = next * SLOT_BYTES
    next = 1 - next
    await file.write(slot, 0, SLOT_BYTES, offset)
  }

  const writeSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      writing = writing.then(write).catch((error: unknown) => {
        failure = error
      })
    }, WRITE_AFTER_MS).unref()
  }

  opening.move()
  return {
    at: () => at,
    moveTo: (number) => {
      if (failure !== undefined) throw failure
      if (number <= at) return
      at = number
      writeSoon()
    },
    close: async () => {
      clearTimeout(timer)
      await writing
      await write().finally(() => file.close())
    },
  }
}
