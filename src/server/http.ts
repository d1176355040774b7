import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server as TlsServer } from 'node:tls'
import fastifyCors from '@fastify/cors'
import fastifyRateLimit from '@fastify/rate-limit'
import fastify, { type FastifyError, type FastifyInstance, type RouteOptions } from 'fastify'
import { RollcallError } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { Log, Time } from '../types.ts'
import { type ActsService, actsRoutes } from './acts-routes.ts'
import { type ApiDeps, apiRoutes } from './api.ts'
import { type Auth, createAuth, isLoopback } from './auth.ts'
import { backupRoute, type TakeSnapshot } from './backup-route.ts'
import { camerasRoutes } from './cameras-routes.ts'
import { type CaptureCamera, captureRoute } from './capture-route.ts'
import { answerBadPaths, answerClientErrors, inOurWords } from './client-error.ts'
import { limitConnections } from './connections.ts'
import { type DecisionsOf, decisionsRoute } from './decisions-route.ts'
import { createDenials, type Denials } from './denials.ts'
import { type EnrollPhotos, enrollRoute } from './enroll-route.ts'
import { eventsRoute, type FindEvents } from './events-route.ts'
import { guardRequests } from './guard.ts'
import { type ObjectionsService, type ObjectPhotos, objectionsRoutes } from './objections-routes.ts'
import { describeApi } from './openapi.ts'
import type { HttpOptions } from './options.ts'
import { type PeopleService, peopleRoutes } from './people-routes.ts'
import { createUploads } from './photo-uploads.ts'
import { type PhotosService, photosRoutes } from './photos-routes.ts'
import { problem } from './problem.ts'
import { requestIdHeader, requestIdOf, showRequestIds } from './request-id.ts'
import { type RulesService, rulesRoutes } from './rules-routes.ts'
import { type SearchPhoto, searchRoute } from './search-route.ts'
import { linkLifetimeS, sessionRoutes } from './session-routes.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { type FindSightings, sightingsRoutes } from './sightings-routes.ts'
import { type SystemService, systemRoutes } from './system-routes.ts'
import { createTickets } from './tickets.ts'
import { renewRegularly, type TlsPair, tlsPair } from './tls.ts'
import { routeUpgrades } from './upgrade.ts'
import { viewerFiles } from './viewer-files.ts'
import { type WebhooksService, webhooksRoutes } from './webhooks-routes.ts'
import { type AskWhatIf, whatIfRoute } from './what-if-route.ts'

/** What the server shows, and what it is measured by. */
export interface ServerDeps extends ApiDeps {
  /** Reads and changes the gallery; without it these routes are absent. */
  readonly peopleService?: PeopleService
  /** Undoes, compares and asks; without it these routes are absent. */
  readonly acts?: ActsService
  /** Enrolls people from photos; without it only embeddings are taken. */
  readonly enrollPhotos?: EnrollPhotos
  /** Says who is in a photo; without it the route is absent. */
  readonly searchPhoto?: SearchPhoto
  /** Takes objections down and back; without it these routes are absent. */
  readonly objections?: ObjectionsService
  /** Takes objections by photos; without it by IDs and embeddings only. */
  readonly objectPhotos?: ObjectPhotos
  /** Gives and tries rules; without it these routes are absent. */
  readonly rules?: RulesService
  /** Replays the past with other settings; without it the route is absent. */
  readonly whatIf?: AskWhatIf | undefined
  /** Copies the people for a backup; without it the route is absent. */
  readonly takeSnapshot?: TakeSnapshot | undefined
  /** Shows and tests webhooks; without it these routes are absent. */
  readonly webhooks?: WebhooksService
  /** Says why tracks are a person's; without it the route is absent. */
  readonly decisions?: DecisionsOf
  /** Finds sightings; without it the route is absent. */
  readonly sightings?: FindSightings
  /** The kept pictures of people; without it these routes are absent. */
  readonly photos?: PhotosService
  /** Shows how the site does; without it these routes are absent. */
  readonly system?: SystemService
  /** Finds events that are still in memory; without it the route is absent. */
  readonly events?: FindEvents
  /** Captures a camera; without it the route is absent. */
  readonly capture?: CaptureCamera
  /** Keeps the sessions of browsers over a restart; without it they end with this run. */
  readonly sessionFile?: string | null
  /** Keeps the certificate of `http.tls: auto`; without it each run makes one of its own. */
  readonly certificateDirectory?: string | null
  /** The built viewer; null serves none. */
  readonly viewerDirectory: string | null
  readonly denied: Pick<Metrics, 'httpDenied'>
  readonly time: Time
  /**
   * Where people are elsewhere too: resolves once that has everything that was changed. Answers to changes wait for it; null when it
   * has.
   */
  readonly settled?: () => Promise<void> | null
  /** Shows the user a token made for this run. Without it `startServer` throws where one would have to be made. */
  readonly showToken?: (token: string, url: string) => void
  readonly log: Log
  /** How long clients may take; `clientTimeouts` when left out. */
  readonly timeouts?: typeof clientTimeouts
  /** Called for every route; the test of the OpenAPI document uses it. */
  readonly onRoute?: (route: RouteOptions) => void
}

/** A server that listens. Whoever starts it closes it. */
export interface Server {
  /** Where a browser finds it, e.g. `http://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Takes over the tokens, and reads the certificate and its key again; returns the keys that hold now. Connections that are
   * open stay, but WebSockets whose token is gone or may no longer read are cut. Throws HTTP_LISTEN or CONFIG_INVALID, and then has changed nothing.
   */
  reload(next: HttpOptions): readonly string[]
  /**
   * Stops listening and cuts open connections. Close the WebSocket sink before, so that clients get a close code.
   * Idempotent.
   */
  close(): Promise<void>
}

/** The largest body of a request, in bytes, unless its route says otherwise. */
const bodyLimit = 16_384
/**
 * How long a client may take, in milliseconds: to send the headers of a request (and before them, to finish the TLS handshake),
 * to send a whole request, and to take or send anything at all. Connections are looked at every `checkMs`. Slower ones are
 * ended (https://owasp.org/www-community/attacks/Denial_of_Service, "slow HTTP").
 */
export const clientTimeouts = { headersMs: 10_000, requestMs: 30_000, idleMs: 60_000, checkMs: 1_000 }

/**
 * Serves health, metrics, API, WebSocket and viewer. Throws HTTP_LISTEN, naming the port and what to do, when it cannot listen
 * (also for a port of null), and CONFIG_INVALID when it would serve everybody; then nothing is left open.
 */
export const startServer = async (options: HttpOptions, deps: ServerDeps): Promise<Server> => {
  const { log, showToken } = deps
  const auth = createAuth(options, showToken && (() => randomBytes(24).toString('base64url')))
  await using opening = new AsyncDisposableStack()
  const denials = createDenials(deps.denied, log)
  opening.defer(() => denials.close())
  const tlsDeps = { certificateDirectory: deps.certificateDirectory ?? null, time: deps.time, log }
  const pair = options.tls === null ? null : tlsPair(options.tls, tlsDeps)
  const app = createApp(options, pair, denials, deps.timeouts ?? clientTimeouts)
  routeUpgrades(app)
  const destroyConnections = limitConnections(app.server, options.limits.connectionsPerAddress, (address) =>
    denials.deny('connections', { address }),
  )
  opening.defer(async () => {
    const closed = app.close()
    destroyConnections()
    await closed
  })
  // Fastify's own type speaks of servers without TLS.
  const { server } = app as unknown as { readonly server: TlsServer }
  opening.defer(renewRegularly(options.tls, tlsDeps, (renewed) => server.setSecureContext(renewed)))
  const { time, sessionFile = null } = deps
  const sessions = createSessions({ callerOf: (key) => auth.callerOf(key), file: sessionFile, time, log })
  await addRoutes(app, options, deps, { denials, auth, sessions })
  await listen(app, options)
  const url = urlOf(app, options)
  warnOfDangers(options, auth.required, log)
  if (auth.generated !== null) showToken?.(auth.generated, url)
  const owned = opening.move()
  let closing: Promise<void> | undefined
  return {
    url,
    reload: (next) => {
      const read = options.tls !== null && next.tls !== null ? tlsPair(next.tls, tlsDeps) : null
      const tokens = auth.replace(next.auth.tokens) ? ['http.auth.tokens'] : []
      sessions.checkTokens()
      if (read === null) return tokens
      server.setSecureContext(read)
      return [...tokens, 'http.tls (certificate and key)']
    },
    close: () => (closing ??= owned.disposeAsync()),
  }
}

/** How long a change may take to be elsewhere too before who asked for it is told that nobody knows. */
const SETTLED_WITHIN_MS = 20_000

/** Lets no answer to a change leave before it is certain. */
const settleFirst = (app: FastifyInstance, settled: () => Promise<void> | null): void => {
  app.addHook('onSend', async (request, _, payload) => {
    const until = request.method === 'GET' || request.method === 'HEAD' ? null : settled()
    if (until === null) return payload
    const late = sleep(SETTLED_WITHIN_MS, true, { ref: false })
    if (await Promise.race([until, late])) throw new Error('kafka does not take what was changed: it may count later')
    return payload
  })
}

const createApp = (
  options: HttpOptions,
  pair: TlsPair | null,
  denials: Denials,
  limits: typeof clientTimeouts,
): FastifyInstance => {
  const timeouts = { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkMs }
  const common = {
    forceCloseConnections: true,
    bodyLimit,
    genReqId: requestIdOf,
    frameworkErrors: answerBadPaths(denials),
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.idleMs,
    trustProxy: options.trustedProxies.length > 0 && options.trustedProxies,
    clientErrorHandler: answerClientErrors(denials),
  }
  if (pair === null) return fastify({ ...common, http: timeouts })
  return fastify({
    ...common,
    https: { ...timeouts, handshakeTimeout: limits.headersMs, ...pair },
  }) as unknown as FastifyInstance
}

const addRoutes = async (
  app: FastifyInstance,
  options: HttpOptions,
  deps: ServerDeps,
  { denials, auth, sessions }: { readonly denials: Denials; readonly auth: Auth; readonly sessions: Sessions },
): Promise<void> => {
  const { time } = deps
  const tickets = createTickets(time)
  showRequestIds(app, deps.log)
  // Before the guard, because a preflight carries no token, and a page must be able to read why it was refused.
  if (options.allowedOrigins.length > 0) {
    await app.register(fastifyCors, {
      origin: options.allowedOrigins.map((origin) => new URL(origin).origin),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', requestIdHeader],
      exposedHeaders: ['retry-after', 'www-authenticate', requestIdHeader],
      maxAge: 600,
    })
  }
  await app.register(fastifyRateLimit, { global: false })
  if (deps.onRoute) app.addHook('onRoute', deps.onRoute)
  guardRequests(app, { options, auth, tickets, sessions, denials })
  if (deps.settled) settleFirst(app, deps.settled)
  // Schemas only describe the API: routes check bodies themselves, and answers are sent as they are.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(problem('NOT_FOUND', `${request.method} ${request.url.split('?')[0]} does not exist`)),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    const { id: requestId, routeOptions, method } = request
    const path = routeOptions.url ?? 'unknown'
    if (status < 500) {
      denials.deny(status === 413 ? 'too-big' : 'malformed', { requestId, address: request.ip, path, why: error.code })
      const { code, message } = inOurWords(error)
      return reply.code(status).send(problem(code, message))
    }
    deps.log.error({ requestId, method, path, error: error.message }, 'request failed')
    return reply.code(status).send(problem('INTERNAL', `the server failed; its log says why (request ${requestId})`))
  })
  await describeApi(app)
  const uploads = createUploads()
  if (deps.camerasService) camerasRoutes(app, deps.camerasService)
  if (deps.system) systemRoutes(app, deps.system)
  if (deps.events) eventsRoute(app, deps.events)
  apiRoutes(app, deps, { options, isTokenRequired: auth.required, tickets, sessions, denials })
  const links = createTickets(time, linkLifetimeS)
  sessionRoutes(app, { auth, sessions, links, denials, options })
  if (deps.acts) actsRoutes(app, deps.acts)
  if (deps.peopleService) {
    peopleRoutes(app, deps.peopleService)
    await enrollRoute(app, { service: deps.peopleService, enrollPhotos: deps.enrollPhotos, uploads })
  }
  if (deps.capture) captureRoute(app, deps.capture)
  if (deps.sightings) sightingsRoutes(app, deps.sightings, deps.people)
  if (deps.photos) photosRoutes(app, deps.photos)
  if (deps.searchPhoto) await searchRoute(app, deps.searchPhoto, uploads)
  if (deps.objections)
    await objectionsRoutes(app, { service: deps.objections, objectPhotos: deps.objectPhotos, uploads })
  if (deps.rules) rulesRoutes(app, deps.rules)
  if (deps.whatIf) whatIfRoute(app, deps.whatIf)
  if (deps.takeSnapshot) backupRoute(app, deps.takeSnapshot)
  if (deps.webhooks) webhooksRoutes(app, deps.webhooks)
  if (deps.decisions) decisionsRoute(app, deps.decisions)
  if (deps.viewerDirectory !== null) await viewerFiles(app, deps.viewerDirectory, deps.log)
}

const warnOfDangers = ({ host, tls, auth }: HttpOptions, isRequired: boolean, log: Log): void => {
  if (isLoopback(host)) return
  if (!isRequired && auth.mode === 'off') {
    log.warn({ host }, 'http.auth.mode is off: whoever reaches this machine sees pictures and people')
  } else if (tls === null) {
    log.warn(
      { host },
      'tokens and pictures cross the network unencrypted: set http.tls, or put a proxy with TLS in front',
    )
  }
}

const urlOf = (app: FastifyInstance, { tls }: HttpOptions): string => {
  const { address, port, family } = app.server.address() as AddressInfo
  const anywhere = address === '0.0.0.0' || address === '::'
  const host = anywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address
  return `${tls === null ? 'http' : 'https'}://${host}:${port}`
}

const listen = async (app: FastifyInstance, { host, port }: HttpOptions): Promise<void> => {
  if (port === null) throw new RollcallError('HTTP_LISTEN', 'http.port: null means that HTTP is off')
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const [reason, remedy] =
      code === 'EADDRINUSE'
        ? ['is taken by another program', 'Stop that program, or set http.port to another port (0 takes any free one).']
        : code === 'EACCES'
          ? ['needs privileges', 'Set http.port to a port from 1024 on.']
          : [String(cause), 'Set http.host to an address of this machine, 127.0.0.1 or 0.0.0.0.']
    throw new RollcallError('HTTP_LISTEN', `http.port: ${host}:${port} ${reason}`, { cause, remedy })
  }
}
