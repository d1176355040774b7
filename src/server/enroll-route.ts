import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import { printable } from '../text.ts'
import { answers, errors, object } from './api-schemas.ts'
import { enrollBody, personName } from './people-bodies.ts'
import { bulkBytes, checked, type PeopleService } from './people-routes.ts'
import { personDetails, personEvents } from './people-schemas.ts'
import { problem } from './problem.ts'
import { refuse } from './refuse.ts'

/** What became of one photo. */
export interface PhotoVerdict {
  /** As it was sent; `photo 1` for one without a name. */
  readonly file: string
  readonly accepted: boolean
  /** A stable word, and the same with the measurement and what to do; both null for a photo that was accepted. */
  readonly reason: string | null
  readonly why: string | null
  /** How the photo was turned, degrees clockwise, so that its face stands upright. */
  readonly turn: number
}

/** A photo as it was sent. */
export interface SentPhoto {
  readonly file: string
  readonly bytes: Uint8Array
}

/** Enrolls a person from photos. Rejects with USAGE when none is usable; `details.photos` has the verdicts then. */
export type EnrollPhotos = (
  name: string,
  photos: readonly SentPhoto[],
) => Promise<{
  readonly person: string
  readonly events: readonly RollcallEvent[]
  readonly photos: readonly PhotoVerdict[]
}>

const mebibyte = 1024 ** 2
/** What one request may send: phones' largest photos have about 30 MB. */
const limits = { photoBytes: 32 * mebibyte, allBytes: 64 * mebibyte, photos: 20 } as const
/** Requests with photos that are under way at once; each may hold `allBytes`. */
const mostAtOnce = 3

const usage = (message: string, remedy: string): RollcallError => new RollcallError('USAGE', message, { remedy })

const tooLarge = (message: string): Error => Object.assign(new Error(message), { statusCode: 413, code: 'TOO_BIG' })

const shortNameOf = (given: string | undefined, count: number): string =>
  printable(given ?? '').slice(0, 200) || `photo ${count}`

/** The name and the photos of a form: a field `name`, and files under any names. Throws USAGE for a broken form. */
const formOf = async (request: FastifyRequest): Promise<{ name: unknown; photos: SentPhoto[] }> => {
  const photos: SentPhoto[] = []
  let [name, all]: [unknown, number] = [undefined, 0]
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        const bytes = await part.toBuffer()
        all += bytes.length
        if (all > limits.allBytes) throw tooLarge(`photos: at most ${limits.allBytes / mebibyte} MiB in one request`)
        photos.push({ file: shortNameOf(part.filename, photos.length + 1), bytes })
      } else if (part.fieldname === 'name') name = part.value
    }
  } catch (cause) {
    // Errors of limits have a status; what the parser says of a form that is none has not.
    if ((cause as { readonly statusCode?: number }).statusCode !== undefined) throw cause
    throw usage(`the form is broken: ${(cause as Error).message}`, 'Send multipart/form-data with its boundary.')
  }
  return { name, photos }
}

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
    const bytes = request.body as Uint8Array
    if (bytes.length > limits.photoBytes) throw tooLarge(`a photo may have ${limits.photoBytes / mebibyte} MiB`)
    return { name, photos: [{ file: 'photo 1', bytes }] }
  }
  const { name, photos } = await formOf(request)
  if (photos.length === 0) throw usage('the form has no photo in it', 'Send photos as files of the form.')
  return { name: nameFrom(name, 'name (a field of the form)'), photos }
}

const verdict = object({
  file: { type: 'string' },
  accepted: { type: 'boolean' },
  reason: { type: ['string', 'null'], description: 'Why it was refused, a stable word' },
  why: { type: ['string', 'null'], description: 'The same for people, with the measurement and what to do' },
  turn: { enum: [0, 90, 180, 270], description: 'How it was turned, degrees clockwise, to stand upright' },
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
}

/** Adds `POST /api/people/enroll`. Only this route takes forms and pictures. */
export const enrollRoute = async (app: FastifyInstance, { service, enrollPhotos }: EnrollDeps): Promise<void> => {
  await app.register(async (own) => {
    await own.register(fastifyMultipart, {
      limits: {
        fileSize: limits.photoBytes,
        files: limits.photos,
        fields: 8,
        fieldSize: 4096,
        parts: limits.photos + 8,
      },
    })
    own.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    let underWay = 0
    const fromPhotos = async (request: FastifyRequest, enroll: EnrollPhotos) => {
      underWay++
      try {
        const { name, photos } = await sentIn(request)
        return await enroll(name, photos)
      } finally {
        underWay--
      }
    }
    own.post('/api/people/enroll', described, async (request, reply) => {
      const withPhotos = request.isMultipart() || /^image\//i.test(request.headers['content-type'] ?? '')
      if (withPhotos && underWay >= mostAtOnce)
        return reply
          .code(503)
          .header('retry-after', 5)
          .send(problem('BUSY', 'other photos are being enrolled; try again'))
      try {
        if (withPhotos && !enrollPhotos) throw usage('photos cannot be enrolled here', 'Send embeddings.')
        const enrolled =
          withPhotos && enrollPhotos
            ? await fromPhotos(request, enrollPhotos)
            : service.enroll(checked(enrollBody, request.body))
        return reply.send({ ...enrolled, person: service.show(enrolled.person) })
      } catch (error) {
        return refuse(reply, error)
      }
    })
  })
}
