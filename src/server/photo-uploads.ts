import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { printable } from '../text.ts'
import { box, object, turned } from './api-schemas.ts'
import { problem } from './problem.ts'

/** A photo as it was sent. */
export interface SentPhoto {
  readonly file: string
  readonly bytes: Uint8Array
}

const mebibyte = 1024 ** 2
/** What one request may send: phones' largest photos have about 30 MB. */
export const limits = { photoBytes: 32 * mebibyte, allBytes: 64 * mebibyte, photos: 20 } as const
/** Requests with photos that are under way at once; each may hold `allBytes`. */
const mostAtOnce = 3

/** An error of what was sent. */
export const usage = (message: string, remedy: string): RollcallError => new RollcallError('USAGE', message, { remedy })

const tooLarge = (message: string): Error => Object.assign(new Error(message), { statusCode: 413, code: 'TOO_BIG' })

const shortNameOf = (given: string | undefined, count: number): string =>
  printable(given ?? '').slice(0, 200) || `photo ${count}`

/** The photos of a form, files under any names, and what the text field `field` says. Throws USAGE for a broken form. */
export const formOf = async (
  request: FastifyRequest,
  field?: string,
): Promise<{ said: unknown; photos: SentPhoto[] }> => {
  const photos: SentPhoto[] = []
  let [said, all]: [unknown, number] = [undefined, 0]
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        const bytes = await part.toBuffer()
        all += bytes.length
        if (all > limits.allBytes) throw tooLarge(`photos: at most ${limits.allBytes / mebibyte} MiB in one request`)
        photos.push({ file: shortNameOf(part.filename, photos.length + 1), bytes })
      } else if (part.fieldname === field) said = part.value
    }
  } catch (cause) {
    // Errors of limits have a status; what the parser says of a form that is none has not.
    if ((cause as { readonly statusCode?: number }).statusCode !== undefined) throw cause
    throw usage(`the form is broken: ${(cause as Error).message}`, 'Send multipart/form-data with its boundary.')
  }
  if (photos.length === 0) throw usage('the form has no photo in it', 'Send photos as files of the form.')
  return { said, photos }
}

/** The photo that is the body of a request. */
export const photoIn = (request: FastifyRequest): SentPhoto => {
  const bytes = request.body as Uint8Array
  if (bytes.length > limits.photoBytes) throw tooLarge(`a photo may have ${limits.photoBytes / mebibyte} MiB`)
  return { file: 'photo 1', bytes }
}

/** Whether a request carries photos: a form, or a picture as its body. */
export const hasPhotos = (request: FastifyRequest): boolean =>
  request.isMultipart() || /^image\//i.test(request.headers['content-type'] ?? '')

/** What a request sends with a text `field`: a form, or one photo as its body with the text in the query. Throws USAGE. */
export const sentIn = async (
  request: FastifyRequest,
  field: string,
): Promise<{ said: unknown; photos: readonly SentPhoto[] }> =>
  request.isMultipart()
    ? formOf(request, field)
    : { said: (request.query as Readonly<Record<string, unknown>>)[field], photos: [photoIn(request)] }

/** For OpenAPI: the body of a route that takes `sentIn`, and JSON without photos. */
export const photosBody = (json: z.ZodType, field: string, isNeeded: boolean) => ({
  content: {
    'application/json': { schema: z.toJSONSchema(json, { target: 'draft-7', io: 'input' }) },
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: isNeeded ? [field, 'photo'] : ['photo'],
        properties: {
          [field]: { type: 'string' },
          photo: { type: 'array', maxItems: limits.photos, items: { type: 'string', format: 'binary' } },
        },
      },
    },
    'image/*': { schema: { type: 'string', format: 'binary' } },
  },
})

/** For OpenAPI: `PhotoVerdict`. */
export const verdicts = {
  type: 'array',
  description: 'What became of each photo, in their order',
  items: object({
    file: { type: 'string' },
    accepted: { type: 'boolean' },
    reason: { type: ['string', 'null'], description: 'Why it was refused, a stable word' },
    why: { type: ['string', 'null'], description: 'The same for people, with the measurement and what to do' },
    turn: turned,
    boxes: { type: 'array', description: 'Its faces, the largest first', items: box },
  }),
}

/** Lets the routes of `own` take forms and pictures. */
export const takeUploads = async (own: FastifyInstance): Promise<void> => {
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
}

/** The requests with photos that are under way, of all routes together. */
export interface Uploads {
  readonly areFull: () => boolean
  /** Counts one while `work` runs. */
  readonly during: <Result>(work: () => Promise<Result>) => Promise<Result>
}

/** Bounds the memory of photos: see `mostAtOnce`. */
export const createUploads = (): Uploads => {
  let underWay = 0
  return {
    areFull: () => underWay >= mostAtOnce,
    during: async (work) => {
      underWay++
      try {
        return await work()
      } finally {
        underWay--
      }
    },
  }
}

/** The answer when too many photos are under way. */
export const busy = (reply: FastifyReply): FastifyReply =>
  reply.code(503).header('retry-after', 5).send(problem('BUSY', 'other photos are being looked at; try again'))
