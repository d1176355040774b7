import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { CameraId, Capture } from '../types.ts'
import { answers, errors, object } from './api-schemas.ts'
import { answering } from './route.ts'

/** Writes the last `forMs` of a camera, with the events of that time. Rejects with errors that callers can correct. */
export type CaptureCamera = (
  camera: CameraId,
  forMs: number,
) => Promise<{ readonly capture: Capture; readonly events: readonly RollcallEvent[] }>

/** What the route answers. */
export type CaptureAnswer = Omit<Capture, 'video'> & {
  /** Base64. */
  readonly video: string
  readonly events: readonly RollcallEvent[]
}

/** Longer is for a recorder; a request may take a minute. */
export const mostCaptureS = 30

const query = z.strictObject({ seconds: z.coerce.number().min(1).max(mostCaptureS).default(10) })
const text = { type: 'string' }
const whole = { type: 'integer' }
const unixMs = { type: 'integer', description: 'Unix milliseconds' }

const answer = object({
  camera: text,
  encoding: { ...text, description: 'video/x-h264, video/x-h265 or image/jpeg' },
  pictures: whole,
  lengthMs: { ...whole, description: 'From the first picture to the last' },
  startsAtMs: { ...unixMs, description: 'When the first picture was taken: cameras.*.startsAtMs of a replay' },
  arrivedMs: { type: 'array', items: unixMs, minItems: 2, maxItems: 2 },
  broken: { ...whole, description: 'Pictures before which something was lost' },
  short: { type: ['string', 'null'], description: 'Why it is shorter than was asked for' },
  video: { ...text, contentEncoding: 'base64', description: 'MP4, not encoded anew' },
  events: { type: 'array', items: { type: 'object', additionalProperties: true }, description: 'Of this time' },
})

/**
 * Adds `POST /api/cameras/{camera}/capture`. Its scope is `biometric`: what leaves is film in full quality, from which
 * embeddings of everybody in it can be made; `read` shows small pictures only.
 */
export const captureRoute = (app: FastifyInstance, capture: CaptureCamera): void => {
  app.post(
    '/api/cameras/:camera/capture',
    {
      config: { scope: 'biometric' },
      schema: {
        summary: 'The last seconds of a camera as MP4, and the events of that time',
        params: { type: 'object', properties: { camera: text } },
        querystring: {
          type: 'object',
          properties: {
            seconds: { type: 'number', minimum: 1, maximum: mostCaptureS, default: 10 },
          },
        },
        response: { ...answers(answer), ...errors(400, 401, 403, 404, 409, 429) },
      },
    },
    answering(async (request) => {
      const given = query.safeParse(request.query)
      if (!given.success)
        throw new RollcallError('USAGE', `seconds: expected a number from 1 to ${mostCaptureS}`, {
          remedy: 'Correct the query; it takes seconds.',
        })
      const { camera } = request.params as { readonly camera: string }
      const { capture: taken, events } = await capture(camera, given.data.seconds * 1000)
      return { ...taken, video: Buffer.from(taken.video).toString('base64'), events }
    }),
  )
}
