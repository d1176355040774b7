import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { errors, problemSchema } from './api-schemas.ts'

const description = `Events and pictures come by WebSocket: docs/websocket.md. Every error is
{ "error": { "code", "message" } }; codes do not change.`

/**
 * Serves the OpenAPI document, which is made from the schemas of the routes. Call it before the routes are registered.
 */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  app.addSchema(problemSchema)
  await app.register(fastifySwagger, {
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Rollcall', version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'rollcall' },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const scope = route.config?.scope
      // The role a token has to have; OpenAPI 3.1 allows roles for every scheme.
      const isOpen = scope === undefined || scope === 'public' || scope === 'sign-in'
      const roles = scope === 'caller' || isOpen ? [] : [scope]
      const security = isOpen ? [] : [{ token: roles }, { session: roles }]
      return { schema: { ...schema, security }, url }
    },
  })
  const summary = 'This document'
  app.get(
    '/api/openapi.json',
    {
      config: { scope: 'read' },
      schema: { summary, response: { 200: { type: 'object', description: 'OpenAPI 3.1' }, ...errors(401, 403, 429) } },
    },
    () => app.swagger(),
  )
}
