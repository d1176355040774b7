import type { Duplex } from 'node:stream'

export interface WriteBatch {
  /** Frames for one stream are written in the order in which they are added. */
  add(stream: Duplex, frame: Buffer): void
  /** Writes everything added since, whatever follows another frame of the same stream together with it. */
  flush(): void
}

/**
 * Frames that are first gathered for all clients and then written: after each system call the caches are cold, so what
 * each client gets is decided before the first of them.
 */
export const createWriteBatch = (): WriteBatch => {
  let streams: Duplex[] = []
  let frames: Buffer[] = []

  return {
    add: (stream, frame) => {
      streams.push(stream)
      frames.push(frame)
    },
    flush: () => {
      if (frames.length === 0) return
      const [to, what] = [streams, frames]
      streams = []
      frames = []
      for (let i = 0; i < what.length; i++) {
        const stream = to[i] as Duplex
        const isFirst = stream !== to[i - 1]
        const isLast = stream !== to[i + 1]
        if (isFirst && !isLast) stream.cork()
        stream.write(what[i])
        if (!isFirst && isLast) stream.uncork()
      }
    },
  }
}
