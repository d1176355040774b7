import type { Duplex } from 'node:stream'

/** Frames for many clients that wait to be written together. */
export interface GatheredWrites {
  /** Frames for one stream are written in the order in which they are added. */
  add(stream: Duplex, frame: Buffer): void
  /** Writes all that was added. Consecutive frames for one stream are one write. */
  flush(): void
}

const isSame = (a: readonly Buffer[], b: readonly Buffer[]): boolean =>
  a.length === b.length && a.every((frame, i) => frame === b[i])

/**
 * Frames are gathered for all clients before the first is written, because a system call leaves the CPU caches cold. Frames for
 * one stream are joined into one buffer, and consecutive streams that get the same frames share it.
 */
export const createGatheredWrites = (): GatheredWrites => {
  let writes: { readonly stream: Duplex; readonly frames: Buffer[] }[] = []

  return {
    add: (stream, frame) => {
      const last = writes.at(-1)
      if (last?.stream === stream) last.frames.push(frame)
      else writes.push({ stream, frames: [frame] })
    },
    flush: () => {
      if (writes.length === 0) return
      const due = writes
      writes = []
      let before: readonly Buffer[] = []
      let joined: Buffer | undefined
      for (const { stream, frames } of due) {
        if (!isSame(frames, before)) joined = frames.length === 1 ? frames[0] : Buffer.concat(frames)
        before = frames
        stream.write(joined)
      }
    },
  }
}
