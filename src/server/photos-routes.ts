import type { FastifyInstance, FastifyReply } from 'fastify'
import { RollcallError } from '../errors.ts'
import type { PersonId, SightingId } from '../types.ts'
import { answers, errors, object } from './api-schemas.ts'
import type { PhotoOfPerson } from './people-answers.ts'
import { problem } from './problem.ts'
import { answering, idOf } from './route.ts'

/** The best picture of a person who was asked for under the ID `asked`. */
export interface BestPhoto extends PhotoOfPerson {
  readonly asked: PersonId
  readonly jpeg: Uint8Array
}

/** The kept pictures of people: see `identity.crops`. */
export interface PhotosService {
  readonly kept: 'off' | 'memory' | 'disk'
  /** The best first. Throws PERSON_UNKNOWN. */
  ofPerson(person: PersonId): readonly PhotoOfPerson[]
  /** The best first; empty for a sighting that is not known. */
  ofSighting(sighting: SightingId): readonly PhotoOfPerson[]
  /** The best picture of each of these people, as far as there is one. */
  best(people: readonly PersonId[]): readonly BestPhoto[]
  /** Null when there is no such picture any more. */
  jpeg(id: string): Uint8Array | null
}

/** The most people whose best pictures one request gets: a page of the viewer. */
const mostPeople = 100

const text = { type: 'string' }
const pixels = { type: 'integer', minimum: 1, maximum: 160 }
const properties = {
  id: text,
  person: { ...text, description: 'Who it is now' },
  sighting: { type: ['string', 'null'], description: 'Null for a photo that the person was enrolled with' },
  camera: { type: ['string', 'null'], description: 'The same' },
  atMs: {
    type: 'integer',
    description: 'Unix milliseconds; of recordings since their beginning; of a photo when it was enrolled',
  },
  quality: { type: 'number', minimum: 0, maximum: 1 },
  width: pixels,
  height: pixels,
}
const kept = { enum: ['off', 'memory', 'disk'], description: '`identity.crops`' }
const photos = object({ kept, photos: { type: 'array', description: 'The best first', items: object(properties) } })
const best = object({
  kept,
  photos: {
    type: 'array',
    items: object({ ...properties, asked: text, jpeg: { ...text, contentEncoding: 'base64' } }),
  },
})

const described = (summary: string, answer: object, more: object = {}) => ({
  config: { scope: 'biometric' as const },
  schema: { summary, ...more, response: { ...answers(answer), ...errors(400, 401, 403, 404, 429) } },
})

const peopleIn = (query: unknown): readonly PersonId[] => {
  const { people, ...others } = query as { readonly people?: unknown }
  const [other] = Object.keys(others)
  const ids = typeof people === 'string' ? [...new Set(people.split(',').filter((id) => id !== ''))] : []
  const isWrong = other !== undefined || ids.length === 0 || ids.length > mostPeople || ids.some((id) => id.length > 64)
  if (!isWrong) return ids
  throw new RollcallError('USAGE', `people: expected 1 to ${mostPeople} IDs with commas between them`, {
    remedy: 'Correct the query; it takes people.',
  })
}

/** Adds the routes of pictures of people. All need the scope `biometric`: a face can be embedded again. */
export const photosRoutes = (app: FastifyInstance, service: PhotosService): void => {
  const listing = (list: (id: string) => readonly PhotoOfPerson[]) =>
    answering((request) => ({ kept: service.kept, photos: list(idOf(request)) }))
  const params = { params: { type: 'object', properties: { id: text } } }
  app.get(
    '/api/people/:id/photos',
    described('The kept pictures of a person', photos, params),
    listing((id) => service.ofPerson(id)),
  )
  app.get(
    '/api/sightings/:id/photos',
    described('The kept pictures of a sighting; slashes in its ID are sent as %2F', photos, params),
    listing((id) => service.ofSighting(id)),
  )
  const querystring = { type: 'object', properties: { people: { ...text, description: 'Up to 100 IDs, with commas' } } }
  app.get(
    '/api/photos',
    described('The best picture of each of these people, as far as there is one', best, { querystring }),
    answering(({ query }) => {
      const found = service.best(peopleIn(query))
      const encoded = found.map((photo) => ({ ...photo, jpeg: Buffer.from(photo.jpeg).toString('base64') }))
      return { kept: service.kept, photos: encoded }
    }),
  )
  app.get(
    '/api/photos/:id',
    {
      config: { scope: 'biometric' },
      schema: {
        summary: 'A kept picture of a person, as JPEG',
        ...params,
        response: {
          200: { description: 'JPEG', content: { 'image/jpeg': { schema: { type: 'string', format: 'binary' } } } },
          ...errors(401, 403, 404, 429),
        },
      },
    },
    (request, reply: FastifyReply): unknown => {
      const jpeg = service.jpeg(idOf(request))
      if (jpeg === null) return reply.code(404).send(problem('NOT_FOUND', 'there is no such picture (any more)'))
      return reply.type('image/jpeg').send(Buffer.from(jpeg))
    },
  )
}

/** The service with `identity.crops: off`: nobody has a picture. `idsOf` throws PERSON_UNKNOWN. */
export const noPhotos = (idsOf: (person: PersonId) => unknown): PhotosService => ({
  kept: 'off',
  ofPerson: (person) => {
    idsOf(person)
    return []
  },
  ofSighting: () => [],
  best: () => [],
  jpeg: () => null,
})
