import type { Binaries } from '../../sinks/websocket/binaries.ts'

/** What is under way on one connection, until the other side says that it has taken it. */
export interface Window extends Pick<Binaries, 'hasRoom' | 'send'> {
  /** The other side has taken the first `count` messages. */
  took(count: number): void
}

/** Most bytes under way: a third of a second of a full 100 Mbit/s. What the kernel's buffers hold more would only be older. */
const MOST_UNDER_WAY = 4 * 1_048_576

/** Counts the messages of a connection from 1 on; one of any size may be under way alone. */
export const createWindow = (send: (message: Uint8Array) => void): Window => {
  const underWay: { readonly bytes: number; readonly onTaken: () => void }[] = []
  let taken = 0
  let bytes = 0
  return {
    hasRoom: (more) => underWay.length === 0 || bytes + more <= MOST_UNDER_WAY,
    send: (message, onTaken) => {
      underWay.push({ bytes: message.length, onTaken })
      bytes += message.length
      send(message)
    },
    took: (count) => {
      for (; taken < count; taken++) {
        const first = underWay.shift()
        if (first === undefined) return
        bytes -= first.bytes
        first.onTaken()
      }
    },
  }
}
