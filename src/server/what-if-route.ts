import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { named, object } from './api-schemas.ts'
import type { WhatIfAnswer } from './people-answers.ts'
import { answering, byOf, checked, described } from './route.ts'

const score = z.number().min(-1).max(2).optional()

/** What is asked: the settings that would be otherwise, and since when; whether it is done, too. */
export const whatIfBody = z.strictObject({
  fromMs: z.number().min(0).max(253_402_300_799_999),
  risk: z.number().min(0.03).max(300).optional(),
  join: score,
  create: score,
  leave: score,
  merge: score,
  split: score,
  margin: z.number().min(0).max(1).optional(),
  apply: z.boolean().optional(),
})

/** See `whatIfBody`. */
export type WhatIfQuestion = z.infer<typeof whatIfBody>

/** Replays past tracks with other settings. Changes nothing unless `apply` says so; `by` is who asks. Rejects with STATE. */
export type AskWhatIf = (question: WhatIfQuestion, by: string) => Promise<WhatIfAnswer>

const number = { type: 'number' }
const count = { type: 'integer', minimum: 0 }
const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }
const person = object({ id: textOrNull, name: textOrNull })
const settings = object({
  risk: number,
  join: number,
  create: number,
  leave: number,
  merge: number,
  split: number,
  margin: number,
})
const candidate = {
  type: ['object', 'null'],
  required: ['person', 'similarity', 'score', 'probability'],
  properties: { person: text, similarity: number, score: number, probability: number },
}
const change = object({
  from: { ...person, description: 'Whose the tracks are; null: nobody was told by them' },
  to: { ...person, description: 'Whose they would be; null: a new ID (isNew), or nobody would be told by them' },
  isNew: { type: 'boolean' },
  isAll: { type: 'boolean', description: 'They are all replayed tracks of `from`' },
  tracks: { type: 'array', items: text },
  why: {
    description: 'The decision on the first of them; null when it follows from a merge or a split',
    type: ['object', 'null'],
    required: ['candidate', 'runnerUp', 'threshold', 'reason'],
    properties: { candidate, runnerUp: candidate, threshold: number, reason: text },
  },
})

/** The answer, as JSON Schema. */
export const whatIfAnswer = named('WhatIf')({
  tracks: { ...count, description: 'That were replayed' },
  people: object({ today: count, other: count }),
  agreement: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'Of the replay with today’s settings with what is',
  },
  settings: object({ today: settings, other: settings }),
  changes: { type: 'array', items: change, description: 'The most tracks first' },
  applied: {
    ...object({
      action: { type: ['integer', 'null'], description: 'Takes all of it back; null when nothing was done' },
      refused: {
        type: 'array',
        items: textOrNull,
        description: 'For each change why it was left out; null: it was done',
      },
    }),
    type: ['object', 'null'],
    description: 'Null unless `apply` was true',
  },
})

/** Adds `POST /api/what-if`. */
export const whatIfRoute = (app: FastifyInstance, ask: AskWhatIf): void => {
  const summary =
    'Whose ID would change with other settings: replays the tracks that are kept. Changes nothing without `apply`'
  app.post(
    '/api/what-if',
    described({ scope: 'operate', summary, answer: whatIfAnswer, body: whatIfBody }),
    answering((request) => ask(checked(whatIfBody, request.body), byOf(request))),
  )
}
