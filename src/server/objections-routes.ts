import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { RollcallEvent } from '../events/types.ts'
import type { ObjectorId } from '../types.ts'
import { named, object } from './api-schemas.ts'
import type { ListedObjection } from './people-answers.ts'
import { enrollBody, noteText } from './people-bodies.ts'
import { answering, bulkBytes, byOf, checked, described, idOf } from './people-routes.ts'
import { personEvents } from './people-schemas.ts'

/** Who objects: a person by ID, or whom the faces show. */
export const objectionBody = z
  .strictObject({
    person: z.string().min(1).max(64).nullable().default(null),
    embedder: enrollBody.shape.embedder.nullable().default(null),
    faces: enrollBody.shape.faces.max(20).or(z.tuple([])).default([]),
    note: noteText.nullable().default(null),
  })
  .refine(({ person, faces }) => (person === null) !== (faces.length === 0), 'expected either person or faces')
  .refine(({ faces, embedder }) => faces.length === 0 || embedder !== null, 'faces: expected embedder beside them')

const codeBody = z.strictObject({ code: z.string().min(1).max(100) })

/** Somebody objects: `code`, which is kept nowhere, takes it back. */
export interface Objected {
  readonly objection: ObjectorId
  readonly code: string
  readonly events: readonly RollcallEvent[]
}

/** What users can do for those who object to being recognised. `by` is the name of whoever does it. */
export interface ObjectionsService {
  list(): readonly ListedObjection[]
  /** Throws PERSON_UNKNOWN, PERSON_CONFLICT when there is nothing to recognise them by, STATE for faces of another model. */
  object(asked: z.infer<typeof objectionBody>, by: string): Objected
  /** Throws PERSON_UNKNOWN, and PERSON_CONFLICT for a wrong code. */
  revoke(id: ObjectorId, code: string, by: string): void
  /** For whoever has the state directory; the reason is kept in the list of actions. Throws PERSON_UNKNOWN. */
  revokeWithoutCode(id: ObjectorId, reason: string, by: string): void
}

const text = { type: 'string' }
const listed = object({
  id: { ...text, description: 'Drawn by chance: it says nothing of who it is' },
  objectedAtMs: { type: 'integer', description: 'Unix milliseconds' },
  how: { enum: ['person', 'photo'], description: 'As a person who was known, or by photos' },
  note: { type: ['string', 'null'] },
})
const objections = named('Objections')({ objections: { type: 'array', items: listed } })
const objected = named('Objected')({
  objection: text,
  code: { ...text, description: 'Takes it back. It is shown this once and kept as a hash: give it to the objector' },
  events: personEvents,
})

/** Adds the routes for those who are never to be recognised. */
export const objectionsRoutes = (app: FastifyInstance, service: ObjectionsService): void => {
  const all = () => ({ objections: service.list() })
  app.get(
    '/api/objections',
    described({
      scope: 'read',
      summary: 'Who is never to be recognised: when and how they objected',
      answer: objections,
    }),
    answering(all),
  )
  app.post(
    '/api/objections',
    described({
      scope: 'operate',
      summary: 'Deletes a person, or whoever faces show, and never recognises them again',
      answer: objected,
      body: objectionBody,
      bodyLimit: bulkBytes,
    }),
    answering((request) => service.object(checked(objectionBody, request.body), byOf(request))),
  )
  app.post(
    '/api/objections/:id/revoke',
    described({
      scope: 'operate',
      summary: 'Takes an objection back, with the code that the objector was given',
      answer: objections,
      body: codeBody,
    }),
    answering((request) => {
      service.revoke(idOf(request), checked(codeBody, request.body).code, byOf(request))
      return all()
    }),
  )
}
