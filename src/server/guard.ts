import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { type Auth, anybody } from './auth.ts'
import type { Denial, Denials } from './denials.ts'
import type { HttpOptions } from './options.ts'
import { refuseForwarded, refuseOrigin } from './origin.ts'
import { problem } from './problem.ts'
import type { Caller } from './scope.ts'
import { refuseCookie, secretIn } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'
import { type Tickets, ticketPrefix } from './tickets.ts'
import { isUpgrade } from './upgrade.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on public routes. */
    caller: Caller | null
  }
}

/** What decides about requests. */
export interface GuardDeps {
  readonly options: HttpOptions
  readonly auth: Auth
  readonly tickets: Tickets
  readonly sessions: Pick<Sessions, 'identify' | 'present'>
  readonly denials: Denials
}

const securityHeaders = {
  // The viewer draws pictures on a canvas and talks to this server, nothing else.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const requireScope = ({ method, url, config }: RouteOptions): void => {
  if (config?.scope !== undefined) return
  throw new Error(`${String(method)} ${url}: a route says who may call it: { config: { scope: 'read' } }`)
}

/** The tickets among the subprotocols that a request to upgrade offers. */
const ticketsIn = (request: FastifyRequest): readonly string[] =>
  (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each.startsWith(ticketPrefix))
    .map((each) => each.slice(ticketPrefix.length))

/**
 * Checks every request, upgrades too, before its route runs: the rate, the origin, the caller and the scope. Call it before any
 * route is registered and after the plugin `@fastify/rate-limit`. Registering a route without a scope throws.
 */
export const guardRequests = (app: FastifyInstance, { options, auth, tickets, sessions, denials }: GuardDeps): void => {
  const countRequest = app.createRateLimit({ max: options.limits.requestsPerMinute, timeWindow: 60_000 })
  app.addHook('onRoute', requireScope)
  app.decorateRequest('caller', null)

  const deny = denyingWith(denials)

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    // A browser that remembers this lets nobody past a certificate that it does not know.
    if (options.tls && options.tls !== 'auto') reply.header('strict-transport-security', 'max-age=31536000')
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    const { scope, unlimited } = request.routeOptions.config
    if (!unlimited) {
      const counted = await countRequest(request)
      if (!counted.isAllowed && counted.isExceeded) {
        reply.header('retry-after', counted.ttlInSeconds)
        return deny(request, reply, 'rate', 429, 'TOO_MANY_REQUESTS', 'too many requests from this address')
      }
    }
    if (isUpgrade(request.raw) && request.routeOptions.url !== '/ws') {
      return reply.code(404).send(problem('NOT_FOUND', 'only /ws can be upgraded'))
    }
    if (request.is404) return undefined
    if (scope === 'public') return undefined
    const refusal = refuseOrigin(request.headers, options.allowedOrigins)
    if (refusal !== null) {
      const reason = refusal.startsWith('Host') ? 'host' : 'origin'
      return deny(request, reply, reason, 403, 'ORIGIN_REFUSED', refusal)
    }
    const forwarded = auth.localOnly ? refuseForwarded(request.headers) : null
    if (forwarded !== null) return deny(request, reply, 'proxy', 403, 'PROXY_UNKNOWN', forwarded)
    if (scope === 'sign-in') return undefined
    const caller = identify(request, { auth, tickets, sessions })
    if (typeof caller === 'string') {
      if (/^(Origin|Sec-Fetch-Site):/.test(caller)) return deny(request, reply, 'origin', 403, 'ORIGIN_REFUSED', caller)
      const reason = caller.startsWith('the ticket') ? 'ticket' : 'token'
      return deny(request, reply, reason, 401, 'UNAUTHORIZED', caller)
    }
    if (scope !== 'caller' && (scope === undefined || !caller.scopes.has(scope))) {
      const why = `token ${caller.name} lacks the scope ${scope}`
      return deny(request, reply, 'scope', 403, 'SCOPE', why)
    }
    request.caller = caller
    return undefined
  })
}

/** Answers a request that is denied, and counts it. */
const denyingWith =
  (denials: Denials) =>
  (request: FastifyRequest, reply: FastifyReply, reason: Denial, status: number, code: string, why: string) => {
    // The path of the route, because the path of the request may hold anything.
    const path = request.routeOptions.url ?? 'unknown'
    denials.deny(reason, { requestId: request.id, address: request.ip, path, why })
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="rollcall"')
    return reply.code(status).send(problem(code, why))
  }

/** Whose session the cookie is; otherwise why it is nobody's. */
const identifySession = (request: FastifyRequest, sessions: GuardDeps['sessions']): Caller | string => {
  const secret = secretIn(request.headers, request.protocol === 'https')
  if (secret === null) return 'no valid token in Authorization: Bearer, and no session'
  const isReading = (request.method === 'GET' || request.method === 'HEAD') && !isUpgrade(request.raw)
  return refuseCookie(request.headers, isReading) ?? sessions.identify(secret) ?? 'the session has ended: sign in again'
}

/** Who asks, by ticket, token or session; otherwise why nobody is known. */
const identify = (
  request: FastifyRequest,
  { auth, tickets, sessions }: Pick<GuardDeps, 'auth' | 'tickets' | 'sessions'>,
): Caller | string => {
  if (!auth.required) return anybody
  const [ticket, ...others] = isUpgrade(request.raw) ? ticketsIn(request) : []
  if (ticket === undefined || others.length > 0) {
    if (request.headers.authorization !== undefined || others.length > 0) {
      return auth.identify(request.headers.authorization) ?? 'no valid token in Authorization: Bearer'
    }
    return identifySession(request, sessions)
  }
  const redeemed = tickets.redeem(ticket)
  if (typeof redeemed !== 'string')
    return sessions.present(redeemed) ?? 'the ticket is of somebody who was signed out since'
  return redeemed === 'unknown' ? 'the ticket is not one of ours' : `the ticket is ${redeemed}`
}
