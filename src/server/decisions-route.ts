import type { FastifyInstance } from 'fastify'
import type { PersonId } from '../types.ts'
import { answers, errors, object } from './api-schemas.ts'
import type { DecisionInWords } from './people-answers.ts'
import { answering, idOf } from './route.ts'

/** What was decided about a person, the last first. `kept` is false where events are not kept: people are in memory only. */
export type DecisionsOf = (person: PersonId) => {
  readonly kept: boolean
  readonly decisions: readonly DecisionInWords[]
}

const text = { type: 'string' }
const maybe = { type: ['string', 'null'] }
const answer = object({
  kept: { type: 'boolean', description: 'False: people are in memory only, and so nothing is told' },
  decisions: {
    type: 'array',
    description: 'The last first; only the last of a long history',
    items: object({
      atMs: { type: 'integer', description: 'Unix milliseconds; of recordings since their beginning' },
      words: text,
      type: { ...text, description: 'Of the event that told of it' },
      sequence: { type: 'integer' },
      track: maybe,
      camera: maybe,
    }),
  },
})

/** Adds `GET /api/people/:id/decisions`. */
export const decisionsRoute = (app: FastifyInstance, decisionsOf: DecisionsOf): void => {
  app.get(
    '/api/people/:id/decisions',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Why this is this person, in plain words',
        params: { type: 'object', properties: { id: text } },
        response: { ...answers(answer), ...errors(401, 403, 404, 429) },
      },
    },
    answering((request) => decisionsOf(idOf(request))),
  )
}
