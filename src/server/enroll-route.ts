import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { answers, box, errors, object, turned } from './api-schemas.ts'
import type { Changed, PhotoVerdict } from './people-answers.ts'
import { enrollBody, personName } from './people-bodies.ts'
import { bulkBytes, byOf, checked, type PeopleService } from './people-routes.ts'
import { actionId, personDetails, personEvents } from './people-schemas.ts'
import {
  busy,
  formOf,
  hasPhotos,
  limits,
  photoIn,
  type SentPhoto,
  takeUploads,
  type Uploads,
  usage,
} from './photo-uploads.ts'
import { refuse } from './refuse.ts'

/** Enrolls a person from photos. Rejects with USAGE when none is usable; `details.photos` has the verdicts then. */
export type EnrollPhotos = (
  name: string,
  photos: readonly SentPhoto[],
  by: string,
) => Promise<
  Changed & {
    readonly person: string
    readonly photos: readonly PhotoVerdict[]
  }
>

const nameFrom = (given: unknown, where: string): string => {
  const result = personName.safeParse(given)
  if (result.success) return result.data
  throw usage(
    `${where}: ${result.error.issues.map(({ message }) => message).join('; ')}`,
    'Send the name of the person.',
  )
}

/** The name and the photos of a request: a form, or one photo as its body and `?name=`. */
const sentIn = async (request: FastifyRequest): Promise<{ name: string; photos: readonly SentPhoto[] }> => {
  if (!request.isMultipart()) {
    const name = nameFrom((request.query as { readonly name?: unknown }).name, 'name (in the query)')
    return { name, photos: [photoIn(request)] }
  }
  const { name, photos } = await formOf(request)
  return { name: nameFrom(name, 'name (a field of the form)'), photos }
}

const verdict = object({
  file: { type: 'string' },
  accepted: { type: 'boolean' },
  reason: { type: ['string', 'null'], description: 'Why it was refused, a stable word' },
  why: { type: ['string', 'null'], description: 'The same for people, with the measurement and what to do' },
  turn: turned,
  boxes: { type: 'array', description: 'Its faces, the largest first', items: box },
})

const described = {
  config: { scope: 'biometric' },
  bodyLimit: bulkBytes,
  schema: {
    summary:
      'Enrolls a named person from photos or embeddings, or adds them to the one with that name. A form with the field name and up to 20 photos as files (32 MiB each, 64 MiB in all), one photo as the body with ?name=, or JSON with embeddings',
    querystring: object({ name: { type: 'string', description: 'With a photo as the body' } }, ['name']),
    body: {
      content: {
        'application/json': { schema: z.toJSONSchema(enrollBody, { target: 'draft-7', io: 'input' }) },
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['name', 'photo'],
            properties: {
              name: { type: 'string' },
              photo: { type: 'array', maxItems: limits.photos, items: { type: 'string', format: 'binary' } },
            },
          },
        },
        'image/*': { schema: { type: 'string', format: 'binary' } },
      },
    },
    response: {
      ...answers(
        object(
          {
            person: personDetails,
            events: personEvents,
            action: actionId,
            photos: { type: 'array', description: 'What became of each photo, in their order', items: verdict },
          },
          ['photos'],
        ),
      ),
      ...errors(400, 401, 403, 404, 409, 413, 429, 503),
    },
  },
} as const

/** What the route needs; without `enrollPhotos` it takes embeddings only. */
export interface EnrollDeps {
  readonly service: PeopleService
  readonly enrollPhotos: EnrollPhotos | undefined
  readonly uploads: Uploads
}

/** Adds `POST /api/people/enroll`. */
export const enrollRoute = async (app: FastifyInstance, deps: EnrollDeps): Promise<void> => {
  const { service, enrollPhotos, uploads } = deps
  await app.register(async (own) => {
    await takeUploads(own)
    own.post('/api/people/enroll', described, async (request, reply) => {
      const withPhotos = hasPhotos(request)
      if (withPhotos && uploads.areFull()) return busy(reply)
      try {
        if (withPhotos && !enrollPhotos) throw usage('photos cannot be enrolled here', 'Send embeddings.')
        const enrolled =
          withPhotos && enrollPhotos
            ? await uploads.during(async () => {
                const { name, photos } = await sentIn(request)
                return await enrollPhotos(name, photos, byOf(request))
              })
            : service.enroll(checked(enrollBody, request.body), byOf(request))
        return reply.send({ ...enrolled, person: service.show(enrolled.person) })
      } catch (error) {
        return refuse(reply, error)
      }
    })
  })
}
