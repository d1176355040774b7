import type { Metrics } from '../metrics.ts'
import type { Log } from '../types.ts'
import type { Ledger } from './ledger.ts'
import type { SeamRecord } from './record.ts'

/** What takes records. */
export interface Taking {
  readonly ledger: Ledger
  /** Whether the ledger is on disk, so that these people alone may take the faces. */
  readonly isKept: boolean
  /** Called with each record at its offset, synchronously and in order. */
  readonly take: (offset: number, record: SeamRecord) => void
  /** Resolves when there is room for more. */
  readonly room: () => Promise<void> | null
  /** The faces belong to other people, or a record is of a version that this program does not know how to read. */
  readonly onFatal: (error: unknown) => void
}

/** What a receiver shares with its process. */
export interface ReceiverDeps {
  readonly metrics: Pick<Metrics, 'seam'>
  readonly log: Log
}

/** A reader that is gone keeps its place for so long, milliseconds: the least that brokers allow by default. */
export const SESSION_MS = 6_000
