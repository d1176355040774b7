import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { CameraChange, Person, TruthScore } from '../types.ts'
import { answers, camera, errors, named, object, person, score } from './api-schemas.ts'
import { anybody } from './auth.ts'
import type { CamerasService } from './cameras-routes.ts'
import type { Denials } from './denials.ts'
import type { HttpOptions } from './options.ts'
import { problem } from './problem.ts'
import type { Sessions } from './sessions.ts'
import { type Tickets, ticketLifetimeS, ticketPrefix } from './tickets.ts'
import { isUpgrade, takeSocket } from './upgrade.ts'

/** Whether the site does its work; `reasons` says why not. */
interface Readiness {
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly warnings: readonly string[]
}

/** What the routes show, and who takes WebSockets. */
export interface ApiDeps {
  /** Prometheus text exposition. */
  readonly metrics: () => Promise<string>
  /** Shows and changes cameras; without it only their states are shown. */
  readonly camerasService?: CamerasService
  /** The latest change of each camera. */
  readonly cameras: () => readonly CameraChange[]
  /** Everybody who is known, also archived people. */
  readonly people: () => readonly Person[]
  /** The IDs compared with the truth, where it is known. */
  readonly score?: () => TruthScore
  readonly ready: () => Readiness
  /** Takes over the requests to upgrade `/ws` that the guard has let in. */
  readonly webSocket: {
    /** Why the request cannot be taken right now; null when it can. */
    refuse(
      request: IncomingMessage,
    ): { readonly status: number; readonly code: string; readonly message: string } | null
    accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  }
}

const health = { scope: 'public', unlimited: true } as const

/** What the routes use in addition to `ApiDeps`. */
interface ApiParts {
  readonly options: HttpOptions
  /** Whether somebody who asks needs a token. */
  readonly isTokenRequired: boolean
  readonly tickets: Tickets
  readonly sessions: Pick<Sessions, 'hold'>
  readonly denials: Denials
}

/**
 * Adds the routes that every server has: health, metrics, cameras, people, score, tickets and `/ws`. The schema of each route
 * is what the OpenAPI document says of it. `guardRequests` must have been called before.
 */
export const apiRoutes = (app: FastifyInstance, deps: ApiDeps, parts: ApiParts): void => {
  healthRoutes(app, deps, parts)
  readRoutes(app, deps)
  webSocketRoutes(app, deps, parts)
}

/** What a route of the scope `read` says of itself. */
const read = (summary: string, answer: object) =>
  ({
    config: { scope: 'read' },
    schema: { summary, response: { ...answers(answer), ...errors(401, 403, 429) } },
  }) as const

/** Reasons and warnings name files, cameras and brokers, which is nothing for strangers. */
const toStrangers = ({ ready }: Pick<Readiness, 'ready'>): Readiness => ({
  ready,
  reasons: ready ? [] : ['GET /api/readiness says why; it takes the scope read'],
  warnings: [],
})

const healthRoutes = (app: FastifyInstance, deps: ApiDeps, { options, isTokenRequired }: ApiParts): void => {
  app.get(
    '/healthz',
    {
      config: health,
      schema: { summary: 'The process is alive', response: answers(object({ status: { type: 'string' } })) },
    },
    () => ({ status: 'ok' }),
  )
  const sentences = { type: 'array', items: { type: 'string' } }
  const readiness = named('Readiness')({ ready: { type: 'boolean' }, reasons: sentences, warnings: sentences })
  app.get(
    '/readyz',
    {
      config: health,
      schema: {
        summary: 'Whether the site does its work, and why not',
        response: { ...answers(readiness), 503: { ...readiness, description: 'Not ready' } },
      },
    },
    (_request, reply) => {
      const found = deps.ready()
      return reply.code(found.ready ? 200 : 503).send(isTokenRequired ? toStrangers(found) : found)
    },
  )
  app.get('/api/readiness', read('Whether the site does its work, and why not, in words', readiness), () =>
    deps.ready(),
  )
  app.get(
    '/metrics',
    {
      config: { scope: options.auth.openMetrics ? 'public' : 'read' },
      schema: {
        summary: 'Metrics, as Prometheus text',
        produces: ['text/plain'],
        response: { 200: { type: 'string', description: 'Exposition format 0.0.4' }, ...errors(401, 403, 429) },
      },
    },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()),
  )
}

const readRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  const list = (items: object) => ({ type: 'array', items })
  if (deps.camerasService === undefined)
    app.get('/api/cameras', read('Each camera and its state', object({ cameras: list(camera) })), () => ({
      cameras: deps.cameras(),
    }))
  app.get('/api/people', read('The people known', object({ people: list(person) })), () => ({ people: deps.people() }))
  app.get(
    '/api/score',
    read('The IDs compared with the truth; null where the truth is not known', object({ score })),
    () => ({
      score: deps.score?.() ?? null,
    }),
  )
}

const webSocketRoutes = (app: FastifyInstance, deps: ApiDeps, { tickets, sessions, denials }: ApiParts): void => {
  const ticket = object({
    ticket: { type: 'string' },
    subprotocol: { type: 'string', description: 'The second subprotocol to offer, next to rollcall.v1' },
    expiresInMs: { type: 'integer' },
  })
  app.post('/api/ws-ticket', read('A ticket that opens one WebSocket within 30 seconds', ticket), (request) => {
    const issued = tickets.issue(request.caller ?? anybody)
    return { ticket: issued, subprotocol: ticketPrefix + issued, expiresInMs: ticketLifetimeS * 1000 }
  })
  const upgradeAnswers: Readonly<Record<number, object>> = {
    101: { type: 'null', description: 'Protocol rollcall.v1' },
    ...errors(400, 401, 403, 426, 429, 503),
  }
  app.get(
    '/ws',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Events and pictures by WebSocket: docs/websocket.md',
        response: upgradeAnswers,
      },
    },
    (request, reply) => {
      if (!isUpgrade(request.raw)) {
        return reply
          .code(426)
          .header('upgrade', 'websocket')
          .send(problem('UPGRADE', 'expected a request to upgrade to websocket'))
      }
      const refusal = deps.webSocket.refuse(request.raw)
      if (refusal !== null) {
        const reason = refusal.status === 503 ? 'clients' : 'malformed'
        denials.deny(reason, { requestId: request.id, address: request.ip, path: '/ws', why: refusal.message })
        return reply.code(refusal.status).send(problem(refusal.code, refusal.message))
      }
      const { socket, head } = takeSocket(request.raw, reply)
      const letGo = sessions.hold(request.caller ?? anybody, 'read', () => socket.destroy())
      socket.once('close', letGo)
      deps.webSocket.accept(request.raw, socket, head)
      return reply
    },
  )
}
