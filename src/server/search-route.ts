import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answers, box, errors, object, turned } from './api-schemas.ts'
import type { PhotoSearch } from './people-answers.ts'
import { bulkBytes } from './people-routes.ts'
import { busy, formOf, hasPhotos, photoIn, type SentPhoto, takeUploads, type Uploads, usage } from './photo-uploads.ts'
import { refuse } from './refuse.ts'
import { sighting } from './sightings-routes.ts'

/** Says who is in a photo. Keeps nothing. Rejects with USAGE for a photo that cannot be read. */
export type SearchPhoto = (photo: SentPhoto) => Promise<PhotoSearch>

const share = { type: 'number', minimum: 0, maximum: 1 }
const text = { type: 'string' }
const match = object({
  person: text,
  name: { type: ['string', 'null'] },
  similarity: { type: 'number', minimum: -1, maximum: 1 },
  score: { type: 'number' },
  threshold: { type: 'number' },
  is: { type: 'boolean', description: 'It is this person, by the rule by which a track joins one' },
  sightings: { type: 'array', description: 'The last ones', items: sighting },
})

const described = {
  config: { scope: 'biometric' },
  bodyLimit: bulkBytes,
  schema: {
    summary: 'Who is in a photo, how sure that is, and when and where they were seen. The photo is kept nowhere',
    body: {
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['photo'],
            properties: { photo: { type: 'string', format: 'binary' } },
          },
        },
        'image/*': { schema: { type: 'string', format: 'binary' } },
      },
    },
    response: {
      ...answers(
        object({
          turn: turned,
          faces: {
            type: 'array',
            description: 'The largest first',
            items: object({
              box,
              quality: share,
              problems: { type: 'array', items: text, description: 'Why the answer may be wrong' },
              matches: { type: 'array', items: match, description: 'The best first' },
            }),
          },
        }),
      ),
      ...errors(400, 401, 403, 413, 429, 503),
    },
  },
} as const

const onePhoto = async (request: FastifyRequest): Promise<SentPhoto> => {
  if (!hasPhotos(request)) throw usage('expected a photo', 'Send an image, or a form with one.')
  if (!request.isMultipart()) return photoIn(request)
  const { photos } = await formOf(request)
  const [photo, another] = photos
  if (!photo || another) throw usage(`expected one photo, found ${photos.length}`, 'Send them one by one.')
  return photo
}

/** Adds `POST /api/people/search`. */
export const searchRoute = async (app: FastifyInstance, search: SearchPhoto, uploads: Uploads): Promise<void> => {
  await app.register(async (own) => {
    await takeUploads(own)
    own.post('/api/people/search', described, async (request, reply) => {
      if (uploads.areFull()) return busy(reply)
      try {
        return await reply.send(await uploads.during(async () => search(await onePhoto(request))))
      } catch (error) {
        return refuse(reply, error)
      }
    })
  })
}
