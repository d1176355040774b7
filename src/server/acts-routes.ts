import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { actionSchema, comparisonSchema, questionSchema } from './acts-schemas.ts'
import { object } from './api-schemas.ts'
import { answerWords, type Changed, type ListedAction, type Review, type SideBySide } from './people-answers.ts'
import { personName, twoBody } from './people-bodies.ts'
import { actionId, personEvents } from './people-schemas.ts'
import { answering, byOf, checked, described, idOf } from './route.ts'

/** An answer to a question. */
export const answerBody = z.strictObject({ answer: z.enum(answerWords), name: personName.optional() })

/** To whom a sighting goes; null makes a new person of it. */
const moveBody = z.strictObject({ to: z.string().min(1).max(64).nullable() })

const limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, 'expected a number from 1 to 100')
  .transform(Number)
const actionsQuery = z.strictObject({
  limit: limit.default(50),
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected `next` of an answer')
    .transform(Number)
    .optional(),
})
const reviewQuery = z.strictObject({ limit: limit.default(20) })
const actionPath = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected the ID of an action')
    .transform(Number),
})

/** What people did, and what they are asked. `by` is the name of whoever does it. */
export interface ActsService {
  compare(a: string, b: string): SideBySide
  /** Null makes a new person of the sighting. */
  move(sighting: string, to: string | null, by: string): Changed
  /** The newest first; `next` is the `before` of the next page. */
  actions(
    limit: number,
    before: number | null,
  ): { readonly actions: readonly ListedAction[]; readonly next: number | null }
  /** Throws PERSON_CONFLICT, with the reason, when it cannot be undone. */
  undo(id: number, by: string): { readonly action: ListedAction; readonly events: Changed['events'] }
  review(limit: number): Review
  /** Throws PERSON_CONFLICT when nobody asks that any more, and USAGE for an answer that does not fit. */
  answer(question: string, answer: z.infer<typeof answerBody>, by: string): Changed
}

const limitSchema = (usual: number) => ({ type: 'integer', minimum: 1, maximum: 100, default: usual })
const list = (items: object) => ({ type: 'array', items })
const told = object({ events: personEvents, action: actionId })

/** Adds the routes of actions and of the review. */
export const actsRoutes = (app: FastifyInstance, service: ActsService): void => {
  app.post(
    '/api/people/compare',
    described({
      scope: 'read',
      summary: 'Two people side by side: how alike they are, and what a merge would do',
      answer: comparisonSchema,
      body: twoBody,
    }),
    answering(({ body }) => {
      const { a, b } = checked(twoBody, body)
      return service.compare(a, b)
    }),
  )
  app.post(
    '/api/sightings/:id/move',
    described({
      scope: 'operate',
      summary: 'Gives a sighting to another person; null makes a new person of it',
      answer: told,
      body: moveBody,
    }),
    answering((request) => service.move(idOf(request), checked(moveBody, request.body).to, byOf(request))),
  )
  actionRoutes(app, service)
  reviewRoutes(app, service)
}

const actionRoutes = (app: FastifyInstance, service: ActsService): void => {
  app.get(
    '/api/actions',
    described({
      scope: 'read',
      summary: 'What people did with people, the newest first',
      query: {
        limit: limitSchema(50),
        before: { type: 'integer', minimum: 1, description: '`next` of the previous page' },
      },
      answer: object({ actions: list(actionSchema), next: { type: ['integer', 'null'] } }),
    }),
    answering(({ query }) => {
      const { limit: most, before } = checked(actionsQuery, query, 'query')
      return service.actions(most, before ?? null)
    }),
  )
  app.post(
    '/api/actions/:id/undo',
    described({
      scope: 'operate',
      summary: 'Takes an action back; refused, with the reason, when later changes do not allow it',
      answer: object({ action: actionSchema, events: personEvents }),
    }),
    answering((request) => service.undo(checked(actionPath, request.params, 'path').id, byOf(request))),
  )
}

const reviewRoutes = (app: FastifyInstance, service: ActsService): void => {
  app.get(
    '/api/review',
    described({
      scope: 'read',
      summary: 'What to ask people: likely duplicates, doubtful joins, unnamed frequent visitors',
      query: { limit: limitSchema(20) },
      answer: object({
        questions: list(questionSchema),
        open: { type: 'integer', minimum: 0 },
        looked: object({ people: { type: 'integer' }, of: { type: 'integer' } }),
      }),
    }),
    answering(({ query }) => service.review(checked(reviewQuery, query, 'query').limit)),
  )
  app.post(
    '/api/review/:id',
    described({ scope: 'operate', summary: 'Answers a question of the review', answer: told, body: answerBody }),
    answering((request) => service.answer(idOf(request), checked(answerBody, request.body), byOf(request))),
  )
}
