import { z } from 'zod'
import type { CameraId } from '../types.ts'
import type { Slot } from './assign.ts'

/** How a camera is wanted. */
export interface WantedAs {
  /** Its keys as they stand in the configuration: `${NAME}` is put in where the camera is opened. */
  readonly keys: Readonly<Record<string, unknown>>
  /** It was added while the site ran, and is in no file: its keys as they were given, without defaults. */
  readonly added?: Readonly<Record<string, unknown>> | undefined
  /** It keeps its slot, and nobody opens it. */
  readonly paused?: true | undefined
}

/** A camera that is wanted in a slot. */
export interface Wanted extends WantedAs {
  readonly camera: CameraId
}

/** Which worker has the camera of a slot; it stays until another claims the slot. */
export interface Claim {
  /** The process, as in `MemberData`. */
  readonly worker: string
  readonly name: string
  readonly camera: CameraId
  /** Higher than that of every owner before in this slot. */
  readonly epoch: number
  /** `leaving`: it closes the camera now, and is no member any more. `closed`: nobody has it. */
  readonly state: 'open' | 'leaving' | 'closed'
}

/** What the records of one partition say. */
export interface SlotState {
  readonly wanted: Wanted | null
  readonly claim: Claim | null
  /** Whether a claim that does not count came after this one: compaction would keep only that one. */
  readonly isBuried: boolean
}

/** A slot of which nothing is known. */
export const emptySlot: SlotState = { wanted: null, claim: null, isBuried: false }

const keys = z.record(z.string(), z.unknown())
const wanted = z.object({
  camera: z.string(),
  keys,
  added: keys.optional().catch(undefined),
  paused: z.literal(true).optional().catch(undefined),
})
const claim = z.object({
  worker: z.string(),
  name: z.string(),
  camera: z.string(),
  epoch: z.number(),
  state: z.enum(['open', 'leaving', 'closed']),
})

/** The value of a record, JSON in UTF-8 with the version of its form. */
export const encodeSlotValue = (value: Wanted | Claim): string => JSON.stringify({ v: 1, ...value })

/**
 * The slot after one more record. A claim counts when its epoch is the highest so far, or it is the owner's next word: what a process
 * writes that slept and has been replaced changes nothing. Null for a record that nobody understands.
 */
export const withRecord = (slot: SlotState, key: string | undefined, value: Buffer | null): SlotState | null => {
  if (key === 'wanted') {
    if (value === null) return { ...slot, wanted: null }
    const read = wanted.safeParse(parsed(value))
    return read.success ? { ...slot, wanted: read.data } : null
  }
  const read = key === 'claim' && value !== null ? claim.safeParse(parsed(value)) : null
  if (read?.success !== true) return null
  const counts = slot.claim === null || isAfter(read.data, slot.claim)
  return counts ? { ...slot, claim: read.data, isBuried: false } : { ...slot, isBuried: true }
}

const isAfter = (next: Claim, before: Claim): boolean =>
  next.epoch > before.epoch || (next.epoch === before.epoch && next.worker === before.worker)

const parsed = (value: Buffer): unknown => {
  try {
    return JSON.parse(value.toString())
  } catch {
    return null
  }
}

/** The camera that is to be opened in a slot; null while it is paused. */
export const toOpen = ({ wanted: each }: SlotState): Wanted | null => (each?.paused ? null : each)

/** The slots in which a camera is wanted. Of a camera that is in two, the first counts. */
export const slotsOf = (slots: readonly SlotState[]): ReadonlyMap<CameraId, Slot> => {
  const found = new Map<CameraId, Slot>()
  for (const [slot, { wanted: each }] of slots.entries())
    if (each !== null && !found.has(each.camera)) found.set(each.camera, slot)
  return found
}
