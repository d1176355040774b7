import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** The socket of a request to upgrade, until `takeSocket` hands it over. */
const upgrades = new WeakMap<IncomingMessage, { readonly socket: Duplex; readonly head: Buffer }>()

/** Whether the request came as an upgrade and its socket has not been handed over. */
export const isUpgrade = (request: IncomingMessage): boolean => upgrades.has(request)

/**
 * Sends requests to upgrade through the same hooks and routes as all others, so that one place decides who is let in. fastify
 * does not own these sockets.
 */
export const routeUpgrades = (app: FastifyInstance): void => {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The peer may disconnect at any time, and nothing needs to be done.
    socket.on('error', () => undefined)
    upgrades.set(request, { socket, head })
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => (socket as Socket).destroySoon())
    app.routing(request, response)
  })
}

/** Hands over the socket, to which HTTP writes nothing from here on. Throws for a request that is no upgrade. */
export const takeSocket = (request: IncomingMessage, reply: FastifyReply): { socket: Duplex; head: Buffer } => {
  const upgrade = upgrades.get(request)
  if (upgrade === undefined) throw new Error('expected a request to upgrade')
  upgrades.delete(request)
  reply.hijack()
  reply.raw.detachSocket(upgrade.socket as Socket)
  return upgrade
}
