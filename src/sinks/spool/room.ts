import type { Journal } from './journal.ts'

/** The bound on a spool's bytes, and who gives way when it is reached. */
export interface Room {
  /**
   * Resolves when `size` more bytes fit. Drops the oldest droppable records for it; without any it waits for
   * `acknowledged`.
   */
  make(size: number): Promise<void>
  /** Drops the oldest droppable records because the disk is full. False when there are none. */
  makeOnDisk(): Promise<boolean>
  /** Records were acknowledged, so there may be room again. */
  acknowledged(): void
  /** True from the first drop or wait until a quarter of `maxBytes` is free again. */
  readonly isFull: () => boolean
  readonly bytes: () => number
  /** Nobody waits any more: from now on `make` lets more than `maxBytes` in. */
  readonly finish: () => void
}

/** The two journals of a spool and its bound. */
export interface RoomParts {
  readonly droppable: Journal
  readonly kept: Journal
  readonly maxBytes: number
  /** So many records were dropped. */
  readonly onDrop: (records: number) => void
}

const READY_AGAIN = 0.75

/** Counts the bytes of both journals. */
export const createRoom = ({ droppable, kept, maxBytes, onDrop }: RoomParts): Room => {
  let full = false
  let finishing = false
  let freed = Promise.withResolvers<void>()
  const bytes = (): number => droppable.bytes() + kept.bytes()
  return {
    make: async (size) => {
      while (bytes() + size > maxBytes) {
        if (droppable.bytes() > 0) {
          const dropped = await droppable.dropOldest()
          full ||= dropped > 0
          if (dropped > 0) onDrop(dropped)
        } else if (finishing || kept.records() === 0) return
        else {
          full = true
          await freed.promise
        }
      }
    },
    makeOnDisk: async () => {
      if (droppable.bytes() === 0) return false
      full = true
      onDrop(await droppable.dropOldest())
      return true
    },
    acknowledged: () => {
      if (bytes() <= READY_AGAIN * maxBytes) full = false
      freed.resolve()
      freed = Promise.withResolvers()
    },
    isFull: () => full,
    bytes,
    finish: () => {
      finishing = true
      freed.resolve()
    },
  }
}
