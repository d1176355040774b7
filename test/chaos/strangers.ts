import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** How a peer behaves that says it is a camera. */
export type Behaviour =
  | 'closes'
  | 'silent'
  | 'endless header'
  | 'huge body'
  | 'slow body'
  | 'garbage'
  | 'endless status line'
  | 'half an answer'

/** A peer in place of a camera, on a port of its own. */
export interface Stranger {
  readonly port: number
  behave(behaviour: Behaviour): void
  /** Connections that are open now. */
  readonly open: () => number
  /** Connections so far. */
  readonly accepted: () => number
  close(): Promise<void>
}

const line = Buffer.alloc(16_384, 'X-Camera: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n')

/** Writes `chunk` again and again, as fast as the other side reads. */
const endlessly = (socket: Socket, chunk: Buffer): void => {
  const more = (): void => {
    while (socket.writable && socket.write(chunk)) if (socket.writableLength > 1_000_000) break
  }
  socket.on('drain', more)
  more()
}

const slowly = (socket: Socket, chunk: string): void => {
  const timer = setInterval(() => socket.writable && socket.write(chunk), 200)
  socket.once('close', () => clearInterval(timer))
}

const answers: Readonly<Record<Behaviour, (socket: Socket, status: string) => void>> = {
  closes: (socket) => socket.destroy(),
  silent: () => undefined,
  'endless header': (socket, status) => {
    socket.write(`${status} 200 OK\r\n`)
    endlessly(socket, line)
  },
  'huge body': (socket, status) => {
    socket.write(`${status} 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: 3900000000\r\n\r\n`)
    endlessly(socket, Buffer.alloc(16_384, 'a=x\r\n'))
  },
  'slow body': (socket, status) => {
    socket.write(`${status} 200 OK\r\nCSeq: 1\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n\r\n`)
    slowly(socket, 'v')
  },
  garbage: (socket) => {
    // The same bytes each time, and no text.
    socket.write(Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 197 + (i >> 8) * 31) & 0xff)))
  },
  'endless status line': (socket) => endlessly(socket, Buffer.alloc(16_384, 'R')),
  'half an answer': (socket, status) => socket.end(`${status} 200 OK\r\nCSe`),
}

/** Starts one that closes every connection. `status` begins its answers: `RTSP/1.0` or `HTTP/1.1`. */
export const startStranger = async (status: 'RTSP/1.0' | 'HTTP/1.1'): Promise<Stranger> => {
  let behaviour: Behaviour = 'closes'
  let accepted = 0
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    accepted++
    open.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => open.delete(socket))
    const answer = answers[behaviour]
    if (behaviour === 'closes' || behaviour === 'silent') answer(socket, status)
    else socket.once('data', () => answer(socket, status))
    socket.resume()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    behave: (next) => {
      behaviour = next
      for (const socket of open) socket.destroy()
    },
    open: () => open.size,
    accepted: () => accepted,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
