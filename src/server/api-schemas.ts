import { cameraStates } from '../types.ts'

/**
 * A JSON Schema for the OpenAPI document: an object with exactly these properties. Tests check real answers against
 * these schemas.
 */
export const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
  properties,
})

/**
 * The same with a name: the document has it once, in its components (`withNamedSchemas`). A copy that says something else needs
 * another `title`.
 */
export const named =
  (title: string) =>
  (...given: Parameters<typeof object>) => ({ title, ...object(...given) })

/** The successful response of a route: 200 with this schema. */
export const answers = (answer: object) => ({ 200: { description: 'OK', ...answer } })

const meaning: Readonly<Record<number, string>> = {
  400: 'Malformed, or no known subprotocol',
  401: 'No valid token or ticket',
  403: 'The token lacks the scope, or the page is of another origin',
  404: 'Not found',
  409: 'It contradicts the present state',
  413: 'Too big',
  426: 'Only an upgrade to WebSocket is possible here',
  429: 'Too many requests from this address',
  503: 'Not possible right now',
}

const problemBody = object({
  error: object(
    {
      code: { type: 'string' },
      message: { type: 'string' },
      remedy: { type: 'string', description: 'What to do about it' },
      details: { type: 'object', description: 'The facts of the message, for programs', additionalProperties: true },
      requestId: { type: 'string', description: 'As in the header X-Request-Id, and in the log' },
    },
    ['remedy', 'details'],
  ),
})
/** The body of every error: `problem`, with what else some errors say. The OpenAPI document has it once, as `Problem`. */
export const problemSchema = { $id: 'Problem', ...problemBody }

/** The error responses of a route, one for each status, all with the body of `problem`. */
export const errors = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: meaning[status] ?? 'Error', content: { 'application/json': { schema: { $ref: 'Problem#' } } } },
    ]),
  )

const text = { type: 'string' }
/** A counter: its maximum is the largest exact integer. */
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
/** Up to the end of the year 9999, the last that RFC 3339 can say. */
const unixMs = { type: 'integer', minimum: 0, maximum: 253_402_300_799_999, description: 'Unix milliseconds' }

const fraction = { type: 'number', description: 'Fraction of the picture; may be a little outside of it' }
/** `Box` of types.ts. */
export const box = named('Box')({ x: fraction, y: fraction, width: fraction, height: fraction })
/** How a photo was turned. */
export const turned = { enum: [0, 90, 180, 270], description: 'How it was turned, degrees clockwise, to stand upright' }

/** `CameraChange` of types.ts. */
export const camera = named('CameraChange')(
  {
    camera: text,
    state: { enum: [...cameraStates] },
    atMs: unixMs,
    reason: text,
    code: text,
    retryInMs: { type: 'integer', minimum: 0, maximum: 172_800_000 },
    stream: text,
  },
  ['code', 'retryInMs', 'stream'],
)

/** `Person` of types.ts. */
export const person = named('Person')({
  id: text,
  name: { type: ['string', 'null'], minLength: 1, maxLength: 200 },
  archived: { type: 'boolean' },
  createdAtMs: unixMs,
  lastSeenAtMs: unixMs,
  lastCamera: text,
  tracks: count,
  faces: count,
})

/** `TruthScore` of types.ts, or null. */
export const score = {
  ...object({
    people: count,
    found: count,
    ids: count,
    idsPerPerson: { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    switches: count,
    faces: count,
  }),
  type: ['object', 'null'],
}
