import type { Segment } from './segments.ts'

/** The bytes written last to a journal, so that a reader that keeps up need not read them from disk. */
export interface RecentWrites {
  /** `bytes` were written to `segment` at offset `from`. */
  add(segment: Segment, from: number, bytes: Buffer): void
  /**
   * At most `bytes` of `segment` from offset `from` on; null when they must come from the disk. Forgets everything
   * before.
   */
  take(segment: Segment, from: number, bytes: number): Buffer | null
}

const MAX_BYTES = 1_048_576

/** Keeps the newest `maxBytes` (1 MiB when left out), so a backlog costs no more memory than that. */
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
        // One call reads one segment only.
        if (write.segment !== segment || write.from > at || at >= from + bytes) break
        const part = write.bytes.subarray(at - write.from, from + bytes - write.from)
        parts.push(part)
        at += part.length
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    },
  }
}
