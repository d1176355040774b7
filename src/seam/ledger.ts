import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { CameraId } from '../types.ts'
import type { SeamRecord } from './record.ts'

/** A row of what a ledger keeps: how far the topic was read, at the empty key, and the last record of each camera. */
export interface LedgerRow {
  readonly key: string
  readonly value: unknown
}

/** What becomes of a record. `lost`: how many of its camera came before it and never arrived. */
export type Verdict =
  | { readonly outcome: 'new'; readonly lost: number }
  | { readonly outcome: 'repeat' | 'other-owner' }

/**
 * Knows what has been taken from the topic. What it notes is committed together with what followed from it, so after a crash
 * each record counts once.
 */
export interface Ledger {
  /** Names these people for ever: another state must not take their faces. */
  readonly id: string
  /** The offset after the last record that was noted; null before the first. */
  next(): number | null
  /** The same as of the last commit. */
  committed(): number | null
  /** Judges a record, and notes nothing. */
  judge(record: SeamRecord): Verdict
  /** Notes a new record at its offset. Its events must be made next, before anything is committed. */
  note(offset: number, record: SeamRecord): void
  /** Notes that there is nothing to be taken at this offset. */
  pass(offset: number): void
  /** What has changed since the last call, to be committed at once. */
  takeChanged(): readonly LedgerRow[]
}

/** A process that has not been heard for so long no longer has the camera, whatever epoch it had. */
export const SILENT_AFTER_MS = 10_000

const position = z.object({ id: z.string(), next: z.int().nullable() })
const last = z.object({ epoch: z.int(), number: z.int() })
type Last = z.infer<typeof last>

/** Goes on from the rows of an earlier run. `elapsedMs` never jumps. Throws what zod throws for rows of another shape. */
export const createLedger = (saved: readonly LedgerRow[], elapsedMs: () => number): Ledger => {
  const before = saved.find(({ key }) => key === '')
  const { id, next: from } = before ? position.parse(before.value) : { id: randomUUID(), next: null }
  const cameras = new Map(
    saved
      .filter(({ key }) => key !== '')
      .map(({ key, value }) => [key, { ...last.parse(value), heardMs: elapsedMs() }]),
  )
  const changed = new Set<CameraId>()
  let next = from
  let committed = from
  let isMoved = false

  const moveTo = (offset: number): void => {
    next = offset + 1
    isMoved = true
  }
  const isOfOther = ({ epoch }: SeamRecord, known: Last & { readonly heardMs: number }): boolean =>
    epoch < known.epoch && elapsedMs() - known.heardMs < SILENT_AFTER_MS

  return {
    id,
    next: () => next,
    committed: () => committed,
    judge: (record) => {
      const { camera, epoch, number } = record
      const known = cameras.get(camera)
      if (known && isOfOther(record, known)) return { outcome: 'other-owner' }
      const isSame = known?.epoch === epoch
      if (isSame && number <= known.number) return { outcome: 'repeat' }
      return { outcome: 'new', lost: known ? number - 1 - (isSame ? known.number : 0) : 0 }
    },
    note: (offset, { camera, epoch, number }) => {
      moveTo(offset)
      cameras.set(camera, { epoch, number, heardMs: elapsedMs() })
      changed.add(camera)
    },
    pass: moveTo,
    takeChanged: () => {
      if (!isMoved) return []
      const rows = [...changed].map((camera): LedgerRow => {
        const { epoch, number } = cameras.get(camera) as Last
        return { key: camera, value: { epoch, number } satisfies Last }
      })
      changed.clear()
      isMoved = false
      committed = next
      return [{ key: '', value: { id, next } satisfies z.infer<typeof position> }, ...rows]
    },
  }
}
