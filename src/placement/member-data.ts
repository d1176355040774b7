import { z } from 'zod'
import type { Slot } from './assign.ts'

/** What a worker tells the group about itself, each time it joins. */
export interface MemberData {
  /** One for each process, however often it joins. */
  readonly id: string
  readonly capacity: number
  readonly held: ReadonlyMap<Slot, number>
  readonly refused: ReadonlySet<Slot>
}

const slot = z.int().min(0)

/** Each key is read by itself: what another version writes otherwise, or leaves out, has its default. */
const written = z.object({
  id: z.string().catch(''),
  capacity: z.number().positive().catch(1),
  held: z.array(z.tuple([slot, z.number()])).catch([]),
  refused: z.array(slot).catch([]),
})

/** JSON in UTF-8, with the version of its form. */
export const encodeMember = ({ held, refused, ...data }: MemberData): Buffer =>
  Buffer.from(JSON.stringify({ v: 1, ...data, held: [...held], refused: [...refused] }))

/**
 * Reads what `encodeMember` of any version wrote. Never throws: workers of two versions are in the group while they are replaced,
 * and bytes that are no JSON are those of a member of capacity 1 that has nothing.
 */
export const decodeMember = (bytes: Buffer): MemberData => {
  const { held, refused, ...data } = written.parse(objectOf(bytes))
  return { ...data, held: new Map(held), refused: new Set(refused) }
}

const objectOf = (bytes: Buffer): object => {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}
