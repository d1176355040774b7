import { networkInterfaces } from 'node:os'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { answers, errors, object } from './api-schemas.ts'
import { type Auth, anybody, isLoopback } from './auth.ts'
import type { Denials } from './denials.ts'
import type { HttpOptions } from './options.ts'
import { refuseOrigin } from './origin.ts'
import { problem } from './problem.ts'
import { type Caller, scopes } from './scope.ts'
import { refuseCookie, sessionCookie } from './session-cookie.ts'
import type { SessionLine, Sessions } from './sessions.ts'
import type { Tickets } from './tickets.ts'

/** A link to sign in with is good for this long, seconds. */
export const linkLifetimeS = 300

/** What the routes of sign-in use. */
export interface SessionParts {
  readonly auth: Auth
  readonly sessions: Sessions
  /** The codes of links. */
  readonly links: Tickets
  readonly denials: Denials
  readonly options: Pick<HttpOptions, 'host' | 'allowedOrigins'>
}

const body = z.union([
  z.strictObject({ token: z.string().min(1).max(1000) }),
  z.strictObject({ code: z.string().min(1).max(200) }),
])

const text = { type: 'string' }
const time = { type: 'integer', description: 'Unix milliseconds' }
const line = object({ id: text, device: text, createdAtMs: time, lastUsedAtMs: time, current: { type: 'boolean' } })
const me = object({
  required: { type: 'boolean', description: 'False where everybody is let in; then there are no sessions' },
  name: { type: 'string', description: 'Of the token' },
  scopes: { type: 'array', items: { enum: [...scopes] } },
  sessions: { type: 'array', items: line },
})

const isSecure = (request: FastifyRequest): boolean => request.protocol === 'https'

/** Adds the routes by which browsers sign in and out. `guardRequests` must have been called before. */
export const sessionRoutes = (app: FastifyInstance, parts: SessionParts): void => {
  const { auth, sessions } = parts
  const describe = (caller: Caller) => ({
    required: auth.required,
    name: caller.name,
    scopes: scopes.filter((scope) => caller.scopes.has(scope)),
    sessions: sessions.list(caller).map((each: SessionLine) => ({ ...each, current: each.id === caller.session })),
  })
  app.get(
    '/api/session',
    {
      config: { scope: 'caller' },
      schema: {
        summary: 'Who asks, and the sessions of the same token',
        response: { ...answers(me), ...errors(401, 403, 429) },
      },
    },
    (request, reply) => {
      const caller = request.caller ?? anybody
      const secret = caller.session === undefined ? null : sessions.rotate(caller.session)
      if (secret !== null) reply.header('set-cookie', sessionCookie(secret, isSecure(request)))
      return describe(caller)
    },
  )
  signIn(app, parts, describe)
  signOut(app, parts)
  linkRoute(app, parts)
}

const signIn = (
  app: FastifyInstance,
  { auth, sessions, links, denials }: SessionParts,
  describe: (caller: Caller) => object,
) => {
  const identify = (given: z.infer<typeof body>): Caller | string => {
    if ('token' in given) return auth.identify(`Bearer ${given.token}`) ?? 'Rollcall does not know this token'
    const found = links.redeem(given.code)
    if (typeof found !== 'string') return sessions.present(found) ?? 'the link is of somebody who was signed out since'
    return found === 'expired'
      ? 'the link is older than five minutes'
      : found === 'used'
        ? 'the link was used before'
        : 'the link is not one of ours'
  }
  app.post(
    '/api/session',
    {
      config: { scope: 'sign-in' },
      schema: {
        summary: 'Signs a browser in, with a token or the code of a link: the answer sets a cookie',
        body: { anyOf: [object({ token: text }), object({ code: text })] },
        response: { ...answers(me), ...errors(400, 401, 403, 429) },
      },
    },
    (request, reply) => {
      const refusal = refuseCookie(request.headers, true)
      if (refusal !== null) return reply.code(403).send(problem('ORIGIN_REFUSED', refusal))
      if (!auth.required) return describe(anybody)
      const given = body.safeParse(request.body)
      if (!given.success) return reply.code(400).send(problem('USAGE', 'body: expected {"token": …} or {"code": …}'))
      const caller = identify(given.data)
      if (typeof caller === 'string') {
        denials.deny('code' in given.data ? 'ticket' : 'token', {
          requestId: request.id,
          address: request.ip,
          path: '/api/session',
          why: caller,
        })
        return reply.code(401).send(problem('UNAUTHORIZED', caller))
      }
      const device = (request.headers['user-agent'] ?? '').slice(0, 200)
      const secret = sessions.open(caller, device)
      reply.header('set-cookie', sessionCookie(secret, isSecure(request)))
      return describe(sessions.identify(secret) ?? caller)
    },
  )
}

const signOut = (app: FastifyInstance, { sessions }: SessionParts): void => {
  const response = { 204: { type: 'null', description: 'Ended' }, ...errors(401, 403, 404, 429) }
  const end = (request: FastifyRequest, reply: FastifyReply, id: string | undefined) => {
    const caller = request.caller ?? anybody
    const isCurrent = id === undefined || id === caller.session
    const ended = id === undefined ? caller.session : id
    if (ended !== undefined && !sessions.end(caller, ended) && !isCurrent) {
      return reply.code(404).send(problem('SESSION_UNKNOWN', `there is no session ${ended} of this token`))
    }
    if (isCurrent) reply.header('set-cookie', sessionCookie(null, isSecure(request)))
    return reply.code(204).send()
  }
  app.delete(
    '/api/session',
    { config: { scope: 'caller' }, schema: { summary: 'Signs this browser out', response } },
    (request, reply) => end(request, reply, undefined),
  )
  app.delete<{ Params: { id: string } }>(
    '/api/session/:id',
    {
      config: { scope: 'caller' },
      schema: {
        summary: 'Ends another session of the same token',
        params: { type: 'object', properties: { id: text } },
        response,
      },
    },
    (request, reply) => end(request, reply, request.params.id),
  )
}

/** The addresses of this machine by which another one, such as a phone, reaches it. */
const otherAddresses = (host: string): readonly string[] => {
  if (host !== '0.0.0.0' && host !== '::') return isLoopback(host) ? [] : [host]
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  )
}

/**
 * By which name and port the browser has reached the server. Fastify takes X-Forwarded-Host from `http.trustedProxies` alone;
 * a name that requests could not come with does not count.
 */
const reachedAs = ({ host, headers }: FastifyRequest, allowedOrigins: readonly string[]): string | undefined =>
  refuseOrigin({ host }, allowedOrigins) === null ? host : headers.host

const linkRoute = (app: FastifyInstance, { links, auth, options }: SessionParts): void => {
  const answer = object({
    code: { type: 'string', description: 'For POST /api/session; good once' },
    urls: {
      type: 'array',
      items: text,
      description: 'Pages that sign in by themselves; the code is in the fragment, which no server sees',
    },
    expiresInMs: { type: 'integer' },
  })
  app.post(
    '/api/session/link',
    {
      config: { scope: 'caller' },
      schema: {
        summary: 'A link that signs another device in, once, within five minutes',
        response: { ...answers(answer), ...errors(401, 403, 409, 429) },
      },
    },
    (request, reply) => {
      const caller = request.caller ?? anybody
      if (!auth.required)
        return reply.code(409).send(problem('NO_SIGN_IN', 'nobody has to sign in here: http.auth needs no token'))
      const code = links.issue(caller)
      const asked = new URL(`${request.protocol}://${reachedAs(request, options.allowedOrigins)}`)
      const names = isLoopback(asked.hostname) ? [...otherAddresses(options.host), asked.hostname] : [asked.hostname]
      const urls = names.map((name) => {
        const url = new URL(asked)
        url.hostname = name
        url.hash = `/sign-in/${code}`
        return url.href
      })
      return { code, urls, expiresInMs: linkLifetimeS * 1000 }
    },
  )
}
