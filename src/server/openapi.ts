import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { errors, problemSchema } from './api-schemas.ts'
import { withNamedSchemas } from './named-schemas.ts'

const description = `Events and pictures come by WebSocket: docs/websocket.md. Every error is
{ "error": { "code", "message", "requestId" } }; codes do not change. Every answer has the header X-Request-Id: that of
the request, if it is 1 to 64 letters, digits, dots, hyphens or underscores, otherwise a new one. The log has it too.`

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** A name for the functions that generators make: `GET /api/people/:id/decisions` is `getPeopleByIdDecisions`. */
const operationIdOf = (method: string, url: string): string => {
  const [first, ...others] = url.split(/[^\w:]+/).filter((word) => word !== '')
  const words = first === undefined || first === 'api' ? others : [first, ...others]
  const parts = words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)))
  return method.toLowerCase() + parts.join('')
}

/** Answers may have further fields in a later version, which generated clients must not refuse. Requests may not. */
const opened = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(opened)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(
    ([keyword, value]) => keyword !== 'additionalProperties' || value !== false,
  )
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, opened(value)]))
}

/**
 * Serves the OpenAPI document, which is made from the schemas of the routes. Call it before the routes are registered.
 */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  app.addSchema(opened(problemSchema))
  await app.register(fastifySwagger, {
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Rollcall', version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/', description: 'The server that this document comes from' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'rollcall' },
        },
      },
    },
    transformObject: (made) => ('openapiObject' in made ? withNamedSchemas(made.openapiObject) : made.swaggerObject),
    transform: ({ schema, url, route }) => {
      const scope = route.config?.scope
      // The role a token has to have; OpenAPI 3.1 allows roles for every scheme.
      const isOpen = scope === undefined || scope === 'public' || scope === 'sign-in'
      const roles = scope === 'caller' || isOpen ? [] : [scope]
      const security = isOpen ? [] : [{ token: roles }, { session: roles }]
      const operationId = operationIdOf(String(route.method), url)
      return { schema: { ...schema, operationId, response: opened(schema?.response), security }, url }
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
