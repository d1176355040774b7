import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { RollcallError } from '../errors.ts'
import type { CameraChange, Log, Person, TruthScore } from '../types.ts'
import type { HttpOptions } from './options.ts'
import { refuseOrigin } from './origin.ts'

export interface ServerDeps {
  /** Prometheus text exposition. */
  readonly metrics: () => Promise<string>
  /** The latest change of each camera. */
  readonly cameras: () => readonly CameraChange[]
  readonly people: () => readonly Person[]
  /** What was said against the truth, where that is known. */
  readonly score?: () => TruthScore
  readonly ready: () => { readonly ready: boolean; readonly reasons: readonly string[] }
  /** Takes over a request to upgrade `/ws`, once its origin is found good. */
  readonly webSocket: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** The built viewer. */
  readonly viewerDirectory: string
  readonly log: Log
}

export interface Server {
  /** Where a browser finds it, e.g. `http://127.0.0.1:8080`. */
  readonly url: string
  /** Stops listening and cuts what is still connected; close the WebSocket sink first, it says goodbye. Idempotent. */
  close(): Promise<void>
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

const problem = (code: string, message: string) => ({ error: { code, message } })

/**
 * Serves health, metrics, API, WebSocket and viewer. Throws `HTTP_LISTEN`, naming the port and what to do, when it cannot
 * listen. `options.port` must not be null: then there is no server to start.
 */
export const startServer = async (options: HttpOptions, deps: ServerDeps): Promise<Server> => {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 16_384, requestTimeout: 30_000 })
  const upgraded = new Set<Duplex>()
  addRoutes(app, options, deps)
  app.server.on('upgrade', (request, socket: Duplex, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    upgrade(request, socket, head, options, deps)
  })
  await listen(app, options)
  if (!isLoopback(options.host)) {
    deps.log.warn(
      { host: options.host },
      'HTTP listens beyond this machine without any login: whoever reaches it sees pictures and people',
    )
  }
  const { address, port, family } = app.server.address() as AddressInfo
  const anywhere = address === '0.0.0.0' || address === '::'
  const host = anywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address
  let closing: Promise<void> | undefined
  return {
    url: `http://${host}:${port}`,
    close: () =>
      (closing ??= (async () => {
        const closed = app.close()
        // They are no HTTP connections any more, so that fastify does not know them but would wait for them.
        for (const socket of upgraded) socket.destroy()
        await closed
      })()),
  }
}

const addRoutes = (app: FastifyInstance, options: HttpOptions, deps: ServerDeps): void => {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    if (!request.url.startsWith('/api/')) return
    reply.header('cache-control', 'no-store')
    const refusal = refuseOrigin(request.headers, options.allowedOrigins)
    if (refusal !== null) await reply.code(403).send(problem('ORIGIN_REFUSED', refusal))
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(problem('NOT_FOUND', `${request.method} ${request.url.split('?')[0]} does not exist`)),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send(problem(error.code ?? 'BAD_REQUEST', error.message))
    deps.log.error({ method: request.method, path: request.routeOptions.url, error: error.message }, 'request failed')
    return reply.code(status).send(problem('INTERNAL', 'the server failed; its log says why'))
  })

  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const { ready, reasons } = deps.ready()
    return reply.code(ready ? 200 : 503).send({ ready, reasons })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()),
  )
  app.get('/api/cameras', () => ({ cameras: deps.cameras() }))
  app.get('/api/people', () => ({ people: deps.people() }))
  app.get('/api/score', () => ({ score: deps.score?.() ?? null }))

  if (existsSync(join(deps.viewerDirectory, 'index.html'))) {
    app.register(fastifyStatic, { root: deps.viewerDirectory, cacheControl: true, maxAge: 0 })
  } else {
    deps.log.warn({ directory: deps.viewerDirectory }, 'the viewer is not built: run npm run build:viewer')
    app.get('/', (_request, reply) =>
      reply.code(503).send(problem('VIEWER_MISSING', 'the viewer is not built: run npm run build:viewer')),
    )
  }
}

const upgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: HttpOptions,
  deps: ServerDeps,
): void => {
  const isPath = request.url?.split('?')[0] === '/ws'
  const refusal = isPath ? refuseOrigin(request.headers, options.allowedOrigins) : 'only /ws can be upgraded'
  if (refusal === null) {
    deps.webSocket(request, socket, head)
    return
  }
  if (isPath) deps.log.warn({ client: request.socket.remoteAddress, refusal }, 'websocket client refused')
  const body = JSON.stringify(isPath ? problem('ORIGIN_REFUSED', refusal) : problem('NOT_FOUND', refusal))
  // The peer may be gone already; there is nothing to do about it.
  socket.on('error', () => undefined)
  socket.end(
    `HTTP/1.1 ${isPath ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

const listen = async (app: FastifyInstance, { host, port }: HttpOptions): Promise<void> => {
  if (port === null) throw new RollcallError('HTTP_LISTEN', 'http.port: null means that HTTP is off')
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
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

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
