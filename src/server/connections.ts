import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closes every connection of an address beyond `max` open ones, before a byte of it is read. The returned function destroys
 * all that are open, also those that Node's server does not count as its own: upgraded ones, and those in a TLS handshake.
 */
export const limitConnections = (
  server: Server,
  max: number,
  onRefused: (address: string | undefined) => void,
): (() => void) => {
  const open = new Map<string, number>()
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (open.get(address) ?? 0) + 1
    if (count > max) {
      onRefused(socket.remoteAddress)
      socket.destroy()
      return
    }
    open.set(address, count)
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
  })
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}
