import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Log } from '../types.ts'

/** Carries the ID of a request, there and back. */
export const requestIdHeader = 'x-request-id'

/** What is short and cannot be taken for anything else in a log. UUIDs and the IDs of proxies are. */
const wellFormed = /^[\w.-]{1,64}$/

/** The ID that the client or a proxy gave the request, if it is well formed; otherwise a new one. */
export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
  const given = headers[requestIdHeader]
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID()
}

/**
 * Puts the ID of each request into its answer, into the body of an error, and with `log.debug` into a line of its own. Call it
 * before any other hook, so that no answer leaves without. The app's `genReqId` is `requestIdOf`.
 */
export const showRequestIds = (app: FastifyInstance, log: Log): void => {
  app.addHook('onRequest', async (request, reply) => void reply.header(requestIdHeader, request.id))
  app.addHook('preSerialization', async ({ id }, reply, payload) =>
    reply.statusCode >= 400 && isProblem(payload) ? { error: { ...payload.error, requestId: id } } : payload,
  )
  app.addHook('onResponse', async (request, reply) => {
    const { id, method, routeOptions, caller } = request
    const path = routeOptions.url ?? 'unknown'
    const fields = { requestId: id, method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    log.debug({ ...fields, ...(caller && { caller: caller.name }) }, 'request answered')
  })
}

const isProblem = (payload: unknown): payload is { readonly error: object } =>
  typeof (payload as { error?: unknown } | null)?.error === 'object'
