import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

const listen = async (server: Server, sockets: Set<Socket>): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A port that accepts and never answers. Resolves to its number. */
export const silentPort = (): Promise<number> => {
  const sockets = new Set<Socket>()
  return listen(
    createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined).resume()
    }),
    sockets,
  )
}

/** A port in front of another one, which can be made to hang: then nothing comes through, and nothing is closed. */
export const hangingProxy = async (target: number): Promise<{ readonly port: number; readonly hang: () => void }> => {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).pipe(to)
    }
  })
  return {
    port: await listen(server, sockets),
    hang: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}

/** A client that sends the text and then nothing: it neither reads nor closes. Resolves once the text is sent. */
export const silentClient = async (url: string, said: string): Promise<Socket> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined).pause()
  await new Promise<void>((resolve) => socket.write(said, () => resolve()))
  return socket
}
