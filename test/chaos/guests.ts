import { connect, type Socket } from 'node:net'
import { protocol } from '../../src/sinks/websocket/protocol.ts'

/** Clients that do not behave. They come from an address of their own, so that limits hit only them. */
export interface Guests {
  /** Connections that the server has not closed yet. */
  readonly open: () => number
  close(): void
}

const from = '127.0.0.2'

const connectAll = (port: number, count: number, meet: (socket: Socket) => void): Guests => {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    socket.on('error', () => undefined)
    socket.once('connect', () => meet(socket))
    return socket
  })
  return {
    open: () => sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length,
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** A request whose header grows by a few bytes a second and never ends. */
export const slowHeaders = (port: number, count: number): Guests =>
  connectAll(port, count, (socket) => {
    socket.resume()
    socket.write('GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    const timer = setInterval(() => socket.writable && socket.write('X-a: b\r\n'), 500)
    socket.once('close', () => clearInterval(timer))
  })

/** A body that is announced and comes one byte at a time. */
export const slowBodies = (port: number, count: number): Guests =>
  connectAll(port, count, (socket) => {
    socket.resume()
    socket.write(
      'POST /api/people/merge HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n',
    )
    const timer = setInterval(() => socket.writable && socket.write(' '), 500)
    socket.once('close', () => clearInterval(timer))
  })

/** One text frame, masked with zeros (RFC 6455 asks clients to mask). */
const masked = (text: string): Buffer => {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body])
}

/** WebSocket clients that subscribe to everything, watch every picture, and never read. */
export const deafWatchers = (port: number, count: number, cameras: readonly string[]): Guests =>
  connectAll(port, count, (socket) => {
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    )
    socket.pause()
    socket.write(masked('{"type":"subscribe"}'))
    socket.write(masked(JSON.stringify({ type: 'watch', cameras: cameras.slice(0, 3) })))
  })

/** Bytes that are no HTTP. */
export const babblers = (port: number, count: number): Guests =>
  connectAll(port, count, (socket) => {
    socket.resume()
    socket.write(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 89 + 7) & 0xff)))
  })
