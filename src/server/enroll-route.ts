import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answers, errors, object } from './api-schemas.ts'
import type { Changed, PhotoVerdict } from './people-answers.ts'
import { enrollBody, personName } from './people-bodies.ts'
import type { PeopleService } from './people-routes.ts'
import { actionId, personDetails, personEvents } from './people-schemas.ts'
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
import { bulkBytes, byOf, checked } from './route.ts'

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

const nameFrom = (given: unknown, request: FastifyRequest): string => {
  const result = personName.safeParse(given)
  if (result.success) return result.data
  const where = request.isMultipart() ? 'name (a field of the form)' : 'name (in the query)'
  throw usage(
    `${where}: ${result.error.issues.map(({ message }) => message).join('; ')}`,
    'Send the name of the person.',
  )
}

const described = {
  config: { scope: 'biometric' },
  bodyLimit: bulkBytes,
  schema: {
    summary:
      'Enrolls a named person from photos or embeddings, or adds them to the one with that name. A form with the field name and up to 20 photos as files (32 MiB each, 64 MiB in all), one photo as the body with ?name=, or JSON with embeddings',
    querystring: object({ name: { type: 'string', description: 'With a photo as the body' } }, ['name']),
    body: photosBody(enrollBody, 'name', true),
    response: {
      ...answers(
        object(
          {
            person: personDetails,
            events: personEvents,
            action: actionId,
            photos: verdicts,
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
                const { said, photos } = await sentIn(request, 'name')
                return await enrollPhotos(nameFrom(said, request), photos, byOf(request))
              })
            : service.enroll(checked(enrollBody, request.body), byOf(request))
        return reply.send({ ...enrolled, person: service.show(enrolled.person) })
      } catch (error) {
        return refuse(reply, error)
      }
    })
  })
}
