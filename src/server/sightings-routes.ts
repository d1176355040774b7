import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { Sighting } from '../events/types.ts'
import type { CameraId, Person, PersonId } from '../types.ts'
import { errors, named, object } from './api-schemas.ts'
import { problem } from './problem.ts'
import { refuse } from './refuse.ts'
import { type ExportFormat, exportContent, exportFormats, sendExport } from './sightings-export.ts'

/** Which sightings to find; a field that is absent selects all. Times are Unix milliseconds. */
export interface SightingsRequest {
  /** May be an alias. */
  readonly person?: PersonId | undefined
  readonly camera?: CameraId | undefined
  /** Sightings that overlap the time from `fromMs` to before `untilMs`. */
  readonly fromMs?: number | undefined
  readonly untilMs?: number | undefined
  /** 1–1000. */
  readonly limit: number
  /** `next` of the previous page. */
  readonly cursor?: string | undefined
}

/** One page of the answer. */
export interface SightingsPage {
  /** Those that became known last come first. */
  readonly sightings: readonly Sighting[]
  /** The `cursor` of the next page; null after the last one. */
  readonly next: string | null
}

/** Finds sightings. Throws PERSON_UNKNOWN for an ID that nobody has. */
export type FindSightings = (request: SightingsRequest) => SightingsPage

const latestMs = 8_640_000_000_000_000
const timeRule = 'expected milliseconds since the Unix epoch, or a time such as 2026-03-02T09:30:00Z'
/** A moment in a query, Unix milliseconds. */
export const time = z.string().transform((text, context) => {
  const isTime = z.iso.datetime({ offset: true }).safeParse(text).success
  const atMs = /^-?\d{1,16}$/.test(text) ? Number(text) : isTime ? Date.parse(text) : Number.NaN
  if (Math.abs(atMs) <= latestMs) return atMs
  context.addIssue({ code: 'custom', message: timeRule })
  return z.NEVER
})

const query = z.strictObject({
  person: z.string().min(1, 'expected an ID').max(64, 'expected an ID').optional(),
  camera: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected the name of a camera')
    .optional(),
  from: time.optional(),
  until: time.optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d{0,2}|1000)$/, 'expected a number from 1 to 1000')
    .transform(Number)
    .default(100),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected `next` of an answer')
    .optional(),
  format: z.enum(exportFormats, `expected ${exportFormats.join(', ')}`).optional(),
})

const parameters = Object.keys(query.shape).join(', ')

/** Throws USAGE, which names each wrong parameter. */
const requestOf = (given: unknown): { request: SightingsRequest; format: ExportFormat | undefined } => {
  const result = query.safeParse(given)
  if (!result.success) {
    const faults = result.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.join(', ')}: there is no such parameter`
        : `${issue.path.map(String).join('.')}: ${issue.message}`,
    )
    throw new RollcallError('USAGE', faults.join('; '), { remedy: `Correct the query; it takes ${parameters}.` })
  }
  const { from: fromMs, until: untilMs, format, ...rest } = result.data
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs)
    throw new RollcallError('USAGE', 'until: expected a time after `from`', { remedy: 'Swap the two.' })
  return { request: { ...rest, fromMs, untilMs }, format }
}

const text = { type: 'string' }
const whole = { type: 'integer' }
const unixMs = { type: 'integer', description: 'Unix milliseconds; of recordings since their beginning' }

/** `Sighting` of events/types.ts. */
export const sighting = named('Sighting')({
  sighting: { ...text, description: 'Its ID, which does not change' },
  person: { ...text, description: 'Who it is now' },
  camera: text,
  fromMs: unixMs,
  untilMs: unixMs,
  frames: { ...whole, description: 'Analysed frames in which the person was seen' },
  tracks: { type: 'array', items: text },
  ended: { type: 'boolean', description: 'False: the person may still be there' },
})

const querystring = {
  type: 'object',
  properties: {
    person: { ...text, description: 'Of this person; an alias is followed' },
    camera: { ...text, description: 'On this camera' },
    from: { ...text, description: 'That end after this time: RFC 3339 or Unix milliseconds' },
    until: { ...text, description: 'That begin before this time: RFC 3339 or Unix milliseconds' },
    limit: { ...whole, minimum: 1, maximum: 1000, default: 100 },
    cursor: { ...text, description: '`next` of the previous page' },
    format: {
      enum: [...exportFormats],
      description: 'A file with all that is selected, whatever `limit` says; without it one page as JSON',
    },
  },
}

const page = object({
  sightings: { type: 'array', items: sighting },
  next: { type: ['string', 'null'], description: 'The `cursor` of the next page; null after the last one' },
})

/** Exports at once. Each reads pages as fast as it is taken, beside the events of live cameras. */
const mostExports = 2

/** Counts an export until its answer has been sent or its client is gone. */
const createExports = () => {
  let underWay = 0
  return {
    areFull: () => underWay >= mostExports,
    begin: ({ raw }: FastifyReply): void => {
      underWay++
      raw.once('close', () => underWay--)
    },
  }
}

/** Adds `GET /api/sightings`: who was where and when. */
export const sightingsRoutes = (app: FastifyInstance, find: FindSightings, people: () => readonly Person[]): void => {
  const exports = createExports()
  app.get(
    '/api/sightings',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Who was where and when; sightings that became known last come first',
        querystring,
        response: {
          200: { description: 'OK', content: { 'application/json': { schema: page }, ...exportContent } },
          ...errors(400, 401, 403, 404, 429, 503),
        },
      },
    },
    (request, reply: FastifyReply): unknown => {
      try {
        const { request: wanted, format } = requestOf(request.query)
        if (format === undefined) return reply.send(find(wanted))
        if (exports.areFull())
          return reply
            .code(503)
            .header('retry-after', 5)
            .send(problem('BUSY', `${mostExports} exports are under way; try again`))
        exports.begin(reply)
        const names = new Map(people().map(({ id, name }) => [id, name]))
        return sendExport(reply, format, { find, request: wanted, nameOf: (person) => names.get(person) ?? null })
      } catch (error) {
        return refuse(reply, error)
      }
    },
  )
}
