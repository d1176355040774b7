import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** How far a journal has been delivered, kept in a file of its own. */
export interface ConsumerOffset {
  /** The number of the last record that was delivered; 0 at first. */
  readonly at: () => number
  /** Moves forward only; a lower number changes nothing. */
  moveTo(number: number): void
  /** Writes the offset, if the disk takes it, and closes the file. */
  close(): Promise<void>
}

const SLOT_BYTES = 10

const slotAt = (bytes: Buffer, position: number): number => {
  if (bytes.length < position + SLOT_BYTES) return 0
  const number = bytes.subarray(position, position + 6)
  return crc32(number) === bytes.readUInt32BE(position + 6) ? number.readUIntBE(0, 6) : 0
}

/** A write costs as much as several events do. After a crash, what was delivered in this time is delivered again. */
const WRITE_AFTER_MS = 100

/**
 * The file has two slots (u48 number, u32 CRC-32) that are written in turn, so a torn write leaves the other one whole. The
 * higher whole slot counts. The file is written with a delay and never synced, and a write that fails is left to the next one:
 * after a crash an older offset means repeats, never a loss. Creates the file where there is none; throws what the file system throws.
 */
export const openConsumerOffset = async (path: string): Promise<ConsumerOffset> => {
  await using opening = new AsyncDisposableStack()
  const file: FileHandle = opening.use(await open(path, constants.O_RDWR | constants.O_CREAT, 0o600))
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * SLOT_BYTES), 0, 2 * SLOT_BYTES, 0)
  const slots = [0, SLOT_BYTES].map((position) => slotAt(buffer.subarray(0, bytesRead), position))
  let at = Math.max(...slots)
  let written = at
  let next = slots[0] === at && at > 0 ? 1 : 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    if (at === written) return
    const now = at
    const slot = Buffer.alloc(SLOT_BYTES)
    slot.writeUIntBE(now, 0, 6)
    slot.writeUInt32BE(crc32(slot.subarray(0, 6)), 6)
    const position = next * SLOT_BYTES
    next = 1 - next
    await file.write(slot, 0, SLOT_BYTES, position)
    written = now
  }

  const writeSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      writing = writing.then(write).catch(() => undefined)
    }, WRITE_AFTER_MS).unref()
  }

  opening.move()
  return {
    at: () => at,
    moveTo: (number) => {
      if (number <= at) return
      at = number
      writeSoon()
    },
    close: async () => {
      clearTimeout(timer)
      await writing
      await write().catch(() => undefined)
      await file.close()
    },
  }
}
