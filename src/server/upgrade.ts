import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** The socket of a request to upgrade, until somebody has taken it over. */
const upgrades = new WeakMap<IncomingMessage, { readonly socket: Duplex; readonly head: Buffer }>()

export const isUpgrade = (request: IncomingMessage): boolean => upgrades.has(request)

/**
 * Sends requests to upgrade through the same hooks and routes as all others, so that there is one place which lets in.
 * The sockets are not fastify's; the function returned destroys what is left of them.
 */
export const routeUpgrades = (app: FastifyInstance): (() => void) => {
  const sockets = new Set<Duplex>()
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // The peer may go at any time; there is nothing to do about it.
    socket.on('error', () => undefined)
    upgrades.set(request, { socket, head })
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => (socket as Socket).destroySoon())
    app.routing(request, response)
  })
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}

/** Hands the socket over: from here on nothing of HTTP writes to it. */
export const takeSocket = (request: IncomingMessage, reply: FastifyReply): { socket: Duplex; head: Buffer } => {
  const upgrade = upgrades.get(request)
  if (upgrade === undefined) throw new Error('expected a request to upgrade')
  upgrades.delete(request)
  reply.hijack()
  reply.raw.detachSocket(upgrade.socket as Socket)
  return upgrade
}
