import { join, resolve } from 'node:path'
import { describeDiskError, isDiskFull } from '../../disk.ts'
import { describeError, RollcallError } from '../../errors.ts'
import { makeDirectorySoon } from '../../make-directory.ts'
import { type Journal, openJournal } from './journal.ts'
import { lockDirectory } from './lock.ts'
import type { SpoolOptions } from './options.ts'
import { type Payload, sizeOf } from './record.ts'
import { createRoom } from './room.ts'

/** One payload to be spooled. */
export interface Entry {
  readonly payload: Payload
  /** Whether it may be dropped when the spool is full; the oldest are dropped first. */
  readonly mayDrop: boolean
}

/**
 * The two journals: frame events in `droppable`, all others in `kept`. Each keeps its order, and whole files can be
 * dropped.
 */
export type Lane = 'droppable' | 'kept'

/** A bounded store on disk between Rollcall and a broker. Whoever opens it closes it. */
export interface Spool {
  readonly lanes: Readonly<Record<Lane, Journal>>
  /**
   * Resolves when the entries are on disk as `fsync` says, but for droppable ones that the disk does not take: these are
   * dropped. Waits when there is no room and nothing to drop. Throws SINK when the disk refuses entries that must be kept;
   * then none of them counts as appended.
   */
  append(entries: readonly Entry[]): Promise<void>
  /** Everything in the lane up to this number is delivered and may be deleted. */
  acknowledge(lane: Lane, number: number): Promise<void>
  /** True from the first drop or wait until a quarter of `maxBytes` is free again. */
  readonly isFull: () => boolean
  /** Why the disk did not take the last droppable entries; undefined when it did. */
  readonly failure: () => string | undefined
  /** Bytes of both lanes on disk. */
  readonly bytes: () => number
  /** `append` waits no longer: from now on it may write more than `maxBytes`. */
  finish(): void
  close(): Promise<void>
}

/** Whom the spool tells. */
export interface SpoolDeps {
  /** The key of the configuration that errors name; sinks.kafka.spool when left out. */
  readonly field?: string
  /** So many events were dropped to make room. */
  readonly onDrop: (events: number) => void
}

const LANES: readonly Lane[] = ['droppable', 'kept']

/** Throws SINK when the directory cannot be used, or when another Rollcall uses it. */
export const openSpool = async (options: SpoolOptions, deps: SpoolDeps): Promise<Spool> => {
  const { onDrop, field = 'sinks.kafka.spool' } = deps
  const { maxBytes, fsync, fsyncMs } = options
  const directory = resolve(options.directory)
  await using opening = new AsyncDisposableStack()
  const lanes = await openLanes(directory, field, options, opening)
  const room = createRoom({ ...lanes, maxBytes, onDrop })
  if (fsync === 'interval') {
    const syncing = setInterval(() => {
      for (const lane of LANES) void lanes[lane].sync().catch(() => undefined)
    }, fsyncMs).unref()
    opening.defer(() => clearInterval(syncing))
  }

  const write = async (lane: Lane, payloads: readonly Payload[]): Promise<void> => {
    if (payloads.length === 0) return
    await room.make(payloads.reduce((sum, payload) => sum + sizeOf(payload), 0))
    for (;;) {
      try {
        return await lanes[lane].append(payloads)
      } catch (cause) {
        // A full disk is like a full spool, as long as there is something to drop.
        if (!isDiskFull(cause) || !(await room.makeOnDisk())) throw failedIn(directory, field, cause)
      }
    }
  }

  let failure: string | undefined
  /** When the kept entries are on disk, the droppable ones must not make the caller append both again. */
  const writeDroppable = async (payloads: readonly Payload[]): Promise<void> => {
    try {
      await write('droppable', payloads)
      failure = undefined
    } catch (error) {
      failure = describeError(error)
      onDrop(payloads.length)
    }
  }

  const owned = opening.move()
  return {
    lanes,
    append: async (entries) => {
      const of = (mayDrop: boolean) =>
        entries.filter((entry) => entry.mayDrop === mayDrop).map(({ payload }) => payload)
      await write('kept', of(false))
      await writeDroppable(of(true))
    },
    acknowledge: async (lane, number) => {
      await lanes[lane].acknowledge(number)
      room.acknowledged()
    },
    isFull: room.isFull,
    failure: () => failure,
    bytes: room.bytes,
    finish: room.finish,
    close: () => owned.disposeAsync(),
  }
}

/** Creates and locks the directory, then opens both journals; `owner` closes all of it. */
const openLanes = async (
  directory: string,
  field: string,
  { maxBytes, segmentBytes, fsync }: SpoolOptions,
  owner: AsyncDisposableStack,
): Promise<Record<Lane, Journal>> => {
  const open = async (lane: Lane): Promise<Journal> => {
    // At most an eighth, so that dropping one segment makes room without losing much.
    const size = Math.min(segmentBytes, Math.ceil(maxBytes / 8))
    const journal = await openJournal(join(directory, lane), { segmentBytes: size, fsync })
    return owner.adopt(journal, (opened) => opened.close())
  }
  try {
    await makeDirectorySoon(directory, { mode: 0o700 })
    owner.defer(await lockDirectory(directory, field))
    return { droppable: await open('droppable'), kept: await open('kept') }
  } catch (cause) {
    throw cause instanceof RollcallError ? cause : failedIn(directory, field, cause)
  }
}

const failedIn = (directory: string, field: string, cause: unknown): RollcallError =>
  new RollcallError('SINK', `${field}: ${describeDiskError(cause)}`, {
    cause,
    remedy: `Make ${directory} a directory that can be written and has room.`,
  })
