import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { MediaMs } from '../types.ts'
import { answers, box, errors, object, turned } from './api-schemas.ts'
import type { PhotoSearch } from './people-answers.ts'
import { busy, formOf, hasPhotos, photoIn, type SentPhoto, takeUploads, type Uploads, usage } from './photo-uploads.ts'
import { refuse } from './refuse.ts'
import { bulkBytes } from './route.ts'
import { sighting, time } from './sightings-routes.ts'

/**
 * Says who is in a photo and, with `fromMs`, in which tracks since then its faces are. Keeps nothing. Rejects with USAGE for a
 * photo that cannot be read.
 */
export type SearchPhoto = (photo: SentPhoto, fromMs: MediaMs | null) => Promise<PhotoSearch>

const share = { type: 'number', minimum: 0, maximum: 1 }
const text = { type: 'string' }
const likeness = {
  name: { type: ['string', 'null'] },
  similarity: { type: 'number', minimum: -1, maximum: 1 },
  score: { type: 'number' },
  probability: { ...share, description: 'Of being one person, by the score alone' },
  threshold: { type: 'number' },
}
const match = object({
  person: text,
  ...likeness,
  is: { type: 'boolean', description: 'It is this person, by the rule by which a track joins one' },
  sightings: { type: 'array', description: 'The last ones', items: sighting },
})

const moment = { type: 'integer', description: 'Unix milliseconds' }
const track = object({
  track: text,
  camera: text,
  fromMs: moment,
  untilMs: moment,
  person: { type: ['string', 'null'], description: 'Whose it is, as known now; null when nobody was told by it' },
  ...likeness,
  is: { type: 'boolean', description: 'The score reaches the threshold' },
})

const described = {
  config: { scope: 'biometric' },
  bodyLimit: bulkBytes,
  schema: {
    summary: 'Who is in a photo, how sure that is, and when and where they were seen. The photo is kept nowhere',
    querystring: {
      type: 'object',
      properties: {
        from: {
          type: 'string',
          description: 'Also finds tracks of anybody since then: Unix milliseconds, or RFC 3339',
        },
      },
    },
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
              tracks: {
                type: 'array',
                items: track,
                description: 'Tracks that look like it, also of people without an ID; empty without from',
              },
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

/** The time in `from`; null without. Throws USAGE. */
const fromOf = ({ query }: FastifyRequest): MediaMs | null => {
  const { from } = query as { readonly from?: unknown }
  if (from === undefined) return null
  const parsed = time.safeParse(from)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw usage(`from: ${issue?.message ?? 'expected a time'}`, 'for example ?from=2026-03-02T09:30:00Z')
}

/** Adds `POST /api/people/search`. */
export const searchRoute = async (app: FastifyInstance, search: SearchPhoto, uploads: Uploads): Promise<void> => {
  await app.register(async (own) => {
    await takeUploads(own)
    own.post('/api/people/search', described, async (request, reply) => {
      if (uploads.areFull()) return busy(reply)
      try {
        const fromMs = fromOf(request)
        return await reply.send(await uploads.during(async () => search(await onePhoto(request), fromMs)))
      } catch (error) {
        return refuse(reply, error)
      }
    })
  })
}
