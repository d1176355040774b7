import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { RollcallEvent } from '../events/types.ts'
import { answers, errors, object } from './api-schemas.ts'
import { answering, checked } from './route.ts'

/** Which events are asked for. What is left out means all. */
export interface EventsQuery {
  readonly camera?: string | undefined
  /** An ID; aliases count for the person that they stand for. */
  readonly person?: string | undefined
  /** A type such as `rollcall.sighting.started.v1`, or a topic. */
  readonly type?: string | undefined
  /** Whose numbers `before` is of: a run, or `kept`. That of this run when left out. */
  readonly epoch?: string | undefined
  /** Only events with a lower number. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Some events, newest first. */
export interface EventsPage {
  /** Whose numbers `seq` are: this run's, as on `/ws`; or `kept`, then they are `sequence` of the events. */
  readonly epoch: string
  readonly events: readonly { readonly seq: number; readonly event: RollcallEvent }[]
  /** Where the next page begins; null when nothing older is kept. */
  readonly next: { readonly epoch: string; readonly before: number } | null
}

/** Finds events among those that are kept. Throws USAGE: the epoch is of another run. */
export type FindEvents = (query: EventsQuery) => EventsPage

const most = 500

const query = z.strictObject({
  camera: z.string().max(64).optional(),
  person: z.string().max(200).optional(),
  type: z
    .string()
    .regex(
      /^(rollcall\.[a-z.]{1,60}\.v1|frames|sightings|people|cameras|rules)$/,
      'expected a type of event, or a topic',
    )
    .optional(),
  epoch: z.string().min(1).max(64).optional(),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(most).default(100),
})

const text = { type: 'string' }
const whole = { type: 'integer', minimum: 0 }

const querystring = {
  type: 'object',
  properties: {
    camera: { ...text, description: 'That name this camera' },
    person: { ...text, description: 'That name this person; an alias is followed' },
    type: { ...text, description: 'Of this type, such as rollcall.sighting.started.v1, or of this topic' },
    epoch: { ...text, description: '`next.epoch` of the previous page' },
    before: { type: 'integer', minimum: 1, description: '`next.before` of the previous page' },
    limit: { type: 'integer', minimum: 1, maximum: most, default: 100 },
  },
}

const answer = object({
  epoch: {
    ...text,
    description: 'Whose numbers seq are: this run’s, as on /ws; or "kept": then seq is sequence of the event',
  },
  events: {
    type: 'array',
    items: object({ seq: whole, event: { type: 'object', additionalProperties: true } }),
  },
  next: {
    type: ['object', 'null'],
    description: 'epoch and before of the next page; null when nothing older is kept',
    properties: { epoch: text, before: whole },
    required: ['epoch', 'before'],
  },
})

/**
 * Adds `GET /api/events`, newest first: what WebSocket clients may still ask for (`sinks.webSocket.replayBytes`), then the events
 * about people and tracks that the state keeps, also from before a restart.
 */
export const eventsRoute = (app: FastifyInstance, find: FindEvents): void => {
  app.get(
    '/api/events',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'The events of this run that are in memory, then those about people and tracks in the state; newest first',
        querystring,
        response: { ...answers(answer), ...errors(400, 401, 403, 429) },
      },
    },
    answering((request) => find(checked(query, request.query, 'query'))),
  )
}
