import { camera, named, object } from './api-schemas.ts'

const text = { type: 'string' }
const maybeText = { type: ['string', 'null'] }
const whole = { type: 'integer', minimum: 0 }
const rate = { type: 'number', minimum: 0 }
const orNull = (schema: object) => ({ ...schema, type: ['object', 'null'] })
const unixMs = { type: ['number', 'null'], description: 'Unix milliseconds' }

const size = orNull(object({ width: whole, height: whole }))

const figures = named('CameraFigures')({
  receivedFps: { ...rate, description: 'Pictures that arrive in a second' },
  analysedFps: { ...rate, description: 'Pictures that are analysed in a second' },
  resting: { type: 'boolean', description: 'Nobody is there, so few pictures are analysed' },
  asleep: {
    type: 'boolean',
    description: 'Nothing moves either, or the machine was late, so only key frames are decoded',
  },
  steady: {
    type: 'boolean',
    description: 'Everybody there is known and keeps still, so fewer pictures are analysed',
  },
  drops: {
    type: 'object',
    additionalProperties: whole,
    description: 'Pictures that were not analysed in this run, by the reason',
  },
  losses: whole,
  reconnects: whole,
  latencyMs: {
    ...orNull(object({ p50: { type: 'number' }, p95: { type: 'number' } })),
    description: 'From capture to event; null for recordings',
  },
  clock: { enum: ['camera', 'arrival', 'file', null] },
  clockNote: { ...maybeText, description: 'What to know about the clock' },
  codec: maybeText,
  size,
  keyFrameEveryMs: { type: ['number', 'null'] },
  lastFrameAtMs: unixMs,
  lastError: orNull(object({ code: text, message: text, remedy: maybeText, atMs: { type: 'number' } })),
})

/** One camera of `GET /api/cameras`: its last change, where it comes from, and how it does. */
export const cameraSchema = {
  ...camera,
  title: 'Camera',
  required: [...camera.required, 'source', 'paused', 'url', 'detailUrl', 'login', 'settings', 'figures'],
  properties: {
    ...camera.properties,
    source: { enum: ['file', 'state'], description: 'file: the configuration names it, and only there it is changed' },
    paused: { type: 'boolean' },
    url: { ...text, description: 'Secrets in it are ***' },
    detailUrl: maybeText,
    login: { type: 'boolean', description: 'Whether it has a login, which is never shown' },
    settings: { type: 'object', additionalProperties: true, description: 'Other keys that differ from their defaults' },
    figures,
  },
}

/** The answer of `GET /api/cameras`. */
export const cameraListSchema = named('CameraList')({
  cameras: { type: 'array', items: cameraSchema },
  file: { ...maybeText, description: 'The name of the configuration file; null without one' },
  kept: { type: 'boolean', description: 'Whether cameras that are added are there after a restart' },
  problems: { type: 'array', items: text, description: 'What is wrong with cameras that were added' },
})

/** The answer of `POST /api/cameras/test`. */
export const testSchema = named('CameraTest')({
  ok: { type: 'boolean' },
  failure: orNull(object({ code: text, message: text, remedy: maybeText })),
  picture: { ...maybeText, contentEncoding: 'base64', description: 'A JPEG of at most 640 pixels on a side' },
  size,
  facts: { type: 'array', items: object({ what: text, says: text }) },
  advice: { type: 'array', items: object({ quirk: text, change: text }) },
})
