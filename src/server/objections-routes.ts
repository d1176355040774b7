import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ObjectorId } from '../types.ts'
import { answers, errors, named, object } from './api-schemas.ts'
import type { ListedObjection, Objected, PhotoVerdict } from './people-answers.ts'
import { enrollBody, noteText } from './people-bodies.ts'
import { personEvents } from './people-schemas.ts'
import {
  busy,
  hasPhotos,
  photosBody,
  type SentPhoto,
  sentIn,
  takeUploads,
  type Uploads,
  usage,
  verdicts,
} from './photo-uploads.ts'
import { refuse } from './refuse.ts'
import { answering, bulkBytes, byOf, checked, described, idOf } from './route.ts'

/** Who objects: a person by ID, or whom the faces show. */
export const objectionBody = z
  .strictObject({
    person: z.string().min(1).max(64).nullable().default(null),
    embedder: enrollBody.shape.embedder.nullable().default(null),
    faces: z.array(enrollBody.shape.faces.element).max(20).default([]),
    note: noteText.nullable().default(null),
  })
  .refine(({ person, faces }) => (person === null) !== (faces.length === 0), 'expected either person or faces')
  .refine(({ faces, embedder }) => faces.length === 0 || embedder !== null, 'faces: expected embedder beside them')

const codeBody = z.strictObject({ code: z.string().min(1).max(100) })

/**
 * Whoever photos show objects. Rejects with USAGE when none is usable; `details.photos` has the verdicts then. The photos are
 * kept nowhere.
 */
export type ObjectPhotos = (
  photos: readonly SentPhoto[],
  note: string | null,
  by: string,
) => Promise<Objected & { readonly photos: readonly PhotoVerdict[] }>

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
const objected = named('Objected')(
  {
    objection: text,
    code: {
      ...text,
      description: 'Takes it back. It is shown this once and kept as a hash: give it to the objector',
    },
    events: personEvents,
    photos: verdicts,
  },
  ['photos'],
)

/** What the routes need; without `objectPhotos` embeddings and IDs object only. */
export interface ObjectionsDeps {
  readonly service: ObjectionsService
  readonly objectPhotos: ObjectPhotos | undefined
  readonly uploads: Uploads
}

/** Adds the routes for those who are never to be recognised. */
export const objectionsRoutes = async (app: FastifyInstance, deps: ObjectionsDeps): Promise<void> => {
  const { service } = deps
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
  await app.register(async (own) => {
    await takeUploads(own)
    objectRoute(own, deps)
  })
}

const describedObject = {
  config: { scope: 'operate' },
  bodyLimit: bulkBytes,
  schema: {
    summary:
      'Deletes a person, or whoever photos or embeddings show, and never recognises them again. JSON, a form with up to 20 photos as files (32 MiB each, 64 MiB in all) and the field note, or one photo as the body with ?note=. Photos are kept nowhere',
    querystring: object({ note: { type: 'string', description: 'With a photo as the body' } }, ['note']),
    body: photosBody(objectionBody, 'note', false),
    response: { ...answers(objected), ...errors(400, 401, 403, 404, 409, 413, 429, 503) },
  },
} as const

const noteIn = (said: unknown, request: FastifyRequest): string | null => {
  if (said === undefined) return null
  return checked(z.object({ note: noteText }), { note: said }, request.isMultipart() ? 'body' : 'query').note
}

/** Adds `POST /api/objections` to a scope that takes uploads. */
const objectRoute = (own: FastifyInstance, { service, objectPhotos, uploads }: ObjectionsDeps): void => {
  own.post('/api/objections', describedObject, async (request, reply) => {
    const withPhotos = hasPhotos(request)
    if (withPhotos && uploads.areFull()) return busy(reply)
    try {
      if (!withPhotos) return await reply.send(service.object(checked(objectionBody, request.body), byOf(request)))
      if (!objectPhotos) throw usage('photos are not taken here', 'Send embeddings.')
      const done = await uploads.during(async () => {
        const { said, photos } = await sentIn(request, 'note')
        return objectPhotos(photos, noteIn(said, request), byOf(request))
      })
      return await reply.send(done)
    } catch (error) {
      return refuse(reply, error)
    }
  })
}
