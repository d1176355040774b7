import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { Log } from '../types.ts'
import { problem } from './problem.ts'

/** The viewer's files need no token, because they hold no data. */
const route = { config: { scope: 'public' }, schema: { hide: true } } as const

/** Serves the built viewer in `directory`. When it is not built, `/` answers 503 and says how to build it. */
export const viewerFiles = async (app: FastifyInstance, directory: string, log: Log): Promise<void> => {
  if (!existsSync(join(directory, 'index.html'))) {
    log.warn({ directory }, 'the viewer is not built: run npm run build:viewer')
    app.get('/', route, (_request, reply) =>
      reply.code(503).send(problem('VIEWER_MISSING', 'the viewer is not built: run npm run build:viewer')),
    )
    return
  }
  await app.register(fastifyStatic, { root: directory, serve: false, cacheControl: true, maxAge: 0 })
  app.get('/', route, (_request, reply) => reply.sendFile('index.html'))
  app.get<{ Params: { '*': string } }>('/*', route, (request, reply) => reply.sendFile(request.params['*']))
}
