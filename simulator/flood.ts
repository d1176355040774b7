import type { Socket } from 'node:net'

/** Sends the same text without end, as fast as it is taken. Ends with the connection. */
export const flood = (socket: Socket, text: string): void => {
  const chunk = Buffer.from(text.repeat(Math.ceil(32_768 / text.length)), 'latin1')
  const more = (): void => {
    if (socket.destroyed) return
    if (socket.write(chunk)) setImmediate(more)
    else socket.once('drain', more)
  }
  more()
}
