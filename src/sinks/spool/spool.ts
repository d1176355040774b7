import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { type Journal, openJournal } from './journal.ts'
import { lockDirectory } from './lock.ts'
import type { SpoolOptions } from './options.ts'
import { type Payload, sizeOf } from './record.ts'

/** What is spooled, for whoever reads the journal. */
export interface Entry {
  readonly payload: Payload
  /** Goes, oldest first, when the spool is full. */
  readonly mayDrop: boolean
}

/** Frame events in one journal, everything else in the other: each keeps its order, and whole files can be dropped. */
export type Lane = 'droppable' | 'kept'

export interface Spool {
  readonly lanes: Readonly<Record<Lane, Journal>>
  /** Resolves when the entries are on disk as `fsync` says; waits for room when nothing may be dropped to make it. */
  append(entries: readonly Entry[]): Promise<void>
  acknowledge(lane: Lane, number: number): Promise<void>
  /** From the first drop or wait until a quarter is free again. */
  readonly isFull: () => boolean
  readonly bytes: () => number
  /** No waiting from now on: what still comes is written beyond the bound. */
  finish(): void
  close(): Promise<void>
}

export interface SpoolDeps {
  /** Events were dropped to make room. */
  readonly onDrop: (events: number) => void
}

const READY_AGAIN = 0.75
const LANES: readonly Lane[] = ['droppable', 'kept']

/** Throws SINK when the directory cannot be used, or another Rollcall uses it. */
export const openSpool = async (options: SpoolOptions, { onDrop }: SpoolDeps): Promise<Spool> => {
  const { maxBytes, fsync } = options
  const directory = resolve(options.directory)
  const failed = (cause: unknown): RollcallError =>
    new RollcallError('SINK', `sinks.kafka.spool: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      remedy: `Make ${directory} a directory that can be written and has room.`,
    })
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw failed(cause)
  })
  await using opening = new AsyncDisposableStack()
  const unlock = await lockDirectory(directory).catch((cause: unknown) => {
    throw cause instanceof RollcallError ? cause : failed(cause)
  })
  opening.defer(unlock)
  // Small enough that dropping one makes room without giving up much.
  const segmentBytes = Math.min(options.segmentBytes, Math.ceil(maxBytes / 8))
  const open = async (lane: Lane): Promise<Journal> => {
    try {
      const journal = await openJournal(join(directory, lane), { segmentBytes, fsync })
      return opening.adopt(journal, (opened) => opened.close())
    } catch (cause) {
      throw failed(cause)
    }
  }
  const lanes = { droppable: await open('droppable'), kept: await open('kept') }
  let full = false
  let finishing = false
  let room = Promise.withResolvers<void>()
  const syncing =
    fsync === 'interval'
      ? setInterval(() => {
          for (const lane of LANES) void lanes[lane].sync().catch(() => undefined)
        }, options.fsyncMs).unref()
      : undefined

  opening.defer(() => clearInterval(syncing))
  const owned = opening.move()

  const bytes = (): number => lanes.droppable.bytes() + lanes.kept.bytes()

  const makeRoom = async (size: number): Promise<void> => {
    while (bytes() + size > maxBytes) {
      if (lanes.droppable.bytes() > 0) {
        const dropped = await lanes.droppable.dropOldest()
        full ||= dropped > 0
        if (dropped > 0) onDrop(dropped)
      } else if (finishing || lanes.kept.records() === 0) return
      else {
        full = true
        await room.promise
      }
    }
  }

  const write = async (lane: Lane, payloads: readonly Payload[]): Promise<void> => {
    if (payloads.length === 0) return
    await makeRoom(payloads.reduce((sum, payload) => sum + sizeOf(payload), 0))
    for (;;) {
      try {
        return await lanes[lane].append(payloads)
      } catch (cause) {
        // A full disk is like a full spool, as long as there is something to give up.
        if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC' || lanes.droppable.bytes() === 0) throw failed(cause)
        full = true
        onDrop(await lanes.droppable.dropOldest())
      }
    }
  }

  return {
    lanes,
    append: async (entries) => {
      const of = (mayDrop: boolean) =>
        entries.filter((entry) => entry.mayDrop === mayDrop).map(({ payload }) => payload)
      await write('kept', of(false))
      await write('droppable', of(true))
    },
    acknowledge: async (lane, number) => {
      await lanes[lane].acknowledge(number)
      if (bytes() <= READY_AGAIN * maxBytes) full = false
      room.resolve()
      room = Promise.withResolvers()
    },
    isFull: () => full,
    bytes,
    finish: () => {
      finishing = true
      room.resolve()
    },
    close: () => owned.disposeAsync(),
  }
}
