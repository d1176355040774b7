import type { Socket } from 'node:net'

/** Sends the same text without end, as fast as it is taken, or up to `most` bytes. Ends with the connection. */
export const flood = (socket: Socket, text: string, most = Number.POSITIVE_INFINITY): void => {
  const chunk = Buffer.from(text.repeat(Math.ceil(32_768 / text.length)), 'latin1')
  let sent = 0
  const more = (): void => {
    if (socket.destroyed || sent >= most) return
    sent += chunk.length
    if (socket.write(chunk)) setImmediate(more)
    else socket.once('drain', more)
  }
  more()
}
