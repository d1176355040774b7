import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { answers, errors } from './api-schemas.ts'
import { anybody } from './auth.ts'
import { describeIssues } from './people-bodies.ts'
import { refuse } from './refuse.ts'
import type { Scope } from './scope.ts'

/** The largest body that holds embeddings, which take about 2.5 kB a face as JSON. */
export const bulkBytes = 64 * 1024 * 1024

/** A part of a request, the body when nothing else is said, as the schema has it. Throws USAGE, which says what is wrong. */
export const checked = <Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  part: 'body' | 'query' | 'path' = 'body',
): Value => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw wrong(result.error, part)
}

/** The error of a part of a request that is not as its schema. */
export const wrong = (error: z.ZodError, part = 'body'): RollcallError =>
  new RollcallError('USAGE', describeIssues(error, part), { remedy: `Correct the ${part}.` })

interface Described {
  readonly scope: Scope
  readonly summary: string
  readonly answer: object
  /** A JSON Schema of the path. */
  readonly params?: object
  /** Of zod, or a JSON Schema. */
  readonly body?: z.ZodType | object
  /** JSON Schemas of what may stand in the query, by name; nothing when left out. */
  readonly query?: Readonly<Record<string, object>>
  /** Bytes; 16,384 when left out. */
  readonly bodyLimit?: number
}

/** What a route says of itself. */
export const described = ({ scope, summary, answer, params, body, query, bodyLimit = 16_384 }: Described) => ({
  config: { scope },
  bodyLimit,
  schema: {
    summary,
    ...(params && { params }),
    ...(query && { querystring: { type: 'object', properties: query } }),
    ...(body && {
      body: body instanceof z.ZodType ? z.toJSONSchema(body, { target: 'draft-7', io: 'input' }) : body,
    }),
    response: { ...answers(answer), ...errors(400, 401, 403, 404, 409, 413, 429) },
  },
})

/** Who asks, for logs and for the list of actions. */
export const byOf = ({ caller }: Pick<FastifyRequest, 'caller'>): string => (caller ?? anybody).name

/** The `:id` of the path. */
export const idOf = ({ params }: Pick<FastifyRequest, 'params'>): string => (params as { readonly id: string }).id

/** Answers with what `work` returns or resolves to, or with its refusal. */
export const answering =
  (work: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      return reply.send(await work(request, reply))
    } catch (error) {
      return refuse(reply, error)
    }
  }
