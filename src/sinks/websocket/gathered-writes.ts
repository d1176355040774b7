import type { Duplex } from 'node:stream'

/** Frames of many clients that are written together. */
export interface GatheredWrites {
  /** Frames for one stream are written in the order in which they are added. */
  add(stream: Duplex, frame: Buffer): void
  /** Writes everything added since: what was added for one stream without others between is one write. */
  flush(): void
}

const isSame = (a: readonly Buffer[], b: readonly Buffer[]): boolean =>
  a.length === b.length && a.every((frame, i) => frame === b[i])

/**
 * Frames that are first gathered for all clients and then written: after each system call the caches are cold, so what
 * each client gets is decided before the first of them. Several frames are joined to one, once for all streams in a row
 * that get the same.
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
