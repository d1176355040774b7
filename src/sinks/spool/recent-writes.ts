import type { Segment } from './segments.ts'

/** What the reader of a journal that keeps up reads next, so that it need not ask the disk for what was written just now. */
export interface RecentWrites {
  add(segment: Segment, from: number, bytes: Buffer): void
  /** At most `bytes` of `segment` from offset `from` on; null when they must come from the disk. Forgets what lies before. */
  take(segment: Segment, from: number, bytes: number): Buffer | null
}

/** Of a backlog only this much is kept in memory. */
const MAX_BYTES = 1_048_576

export const createRecentWrites = (maxBytes = MAX_BYTES): RecentWrites => {
  const writes: { readonly segment: Segment; readonly from: number; readonly bytes: Buffer }[] = []
  let size = 0

  const forgetOldest = (): void => {
    size -= writes.shift()?.bytes.length ?? 0
  }

  return {
    add: (segment, from, bytes) => {
      writes.push({ segment, from, bytes })
      size += bytes.length
      while (size > maxBytes) forgetOldest()
    },
    take: (segment, from, bytes) => {
      const first = writes.findIndex((write) => write.segment === segment && write.from + write.bytes.length > from)
      if (first < 0 || (writes[first]?.from ?? 0) > from) return null
      for (let i = 0; i < first; i++) forgetOldest()
      const parts: Buffer[] = []
      let at = from
      for (const write of writes) {
        // The next segment is read by itself.
        if (write.segment !== segment || write.from > at || at >= from + bytes) break
        const part = write.bytes.subarray(at - write.from, from + bytes - write.from)
        parts.push(part)
        at += part.length
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    },
  }
}
