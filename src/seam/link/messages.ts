import { z } from 'zod'
import { errorCodes } from '../../errors.ts'
import type { CaptureFailure, FromVision, ToVision } from '../../ipc/messages.ts'
import type { MetricsJson } from '../../metrics.ts'
import type { CameraId } from '../../types.ts'

/** What a vision process gives to identity beside Kafka: the messages of processes of one machine, and some more. */
export type LinkedFromVision =
  | Extract<FromVision, { readonly type: 'picture' | 'unit' | 'noVideo' | 'crop' | 'captured' }>
  /** Some metrics of one of its workers, for people; the next come in a second. */
  | { readonly type: 'figures'; readonly worker: string; readonly metrics: MetricsJson }
  /** The answer to `test` of the same `id`. */
  | { readonly type: 'tested'; readonly id: number; readonly test: LinkedTest | CaptureFailure }

/** What a camera showed when a vision process tried it. */
export interface LinkedTest extends Omit<z.infer<typeof tested>, 'hasPicture'> {
  /** A JPEG. */
  readonly picture: Uint8Array | null
}

/** What identity asks for. `took`: it has taken the first `count` messages of this connection. */
export type LinkedToVision =
  | Extract<ToVision<never>, { readonly type: 'watch' | 'capture' }>
  /** Opens a camera for seconds. `options` has every key; its login may refer to variables of the vision process. */
  | {
      readonly type: 'test'
      readonly id: number
      readonly camera: CameraId
      readonly options: Readonly<Record<string, unknown>>
    }
  | { readonly type: 'took'; readonly count: number }

const MiB = 1_048_576

/** Most bytes of what a message carries: a still, a unit as large as a camera's ring, a crop of 160 pixels, a capture. */
const mostBytes: Readonly<Record<LinkedFromVision['type'], number>> = {
  picture: 4 * MiB,
  unit: 8 * MiB,
  crop: MiB / 4,
  captured: 49 * MiB,
  tested: 4 * MiB,
  figures: 0,
  noVideo: 0,
}
const LENGTH_BYTES = 4

/** Most bytes of a message from a vision process, and of one to it. */
export const mostMessageBytes = { fromVision: 50 * MiB, toVision: MiB } as const

const name = z.string().min(1).max(500)
const text = z.string().max(4000)
const count = z.int().min(0)
const side = z.int().min(1).max(65_535)
const stamp = { camera: name, stream: name, capturedAtMs: z.int(), clock: z.enum(['camera', 'arrival', 'file']) }
const unit = z.object({
  ...stamp,
  n: count,
  ptsUs: z.int(),
  arrivedAtMs: z.int(),
  key: z.boolean(),
  broken: z.boolean(),
  encoding: z.enum(['h264', 'h265', 'jpeg']),
  codec: z.string().max(100),
  width: side,
  height: side,
  turn: z.literal([0, 90, 180, 270]),
})
const crop = z.object({
  camera: name,
  stream: name,
  seq: count,
  capturedAtMs: z.int(),
  track: name,
  quality: z.number().min(0).max(1),
  width: side,
  height: side,
})
const captured = z.object({
  camera: name,
  encoding: text,
  pictures: count,
  lengthMs: count,
  startsAtMs: z.number(),
  arrivedMs: z.tuple([z.number(), z.number()]),
  broken: count,
  short: text.nullable(),
})
const tested = z.object({
  ok: z.boolean(),
  failure: z.object({ code: text, message: text, remedy: text.nullable() }).nullable(),
  size: z.object({ width: side, height: side }).nullable(),
  facts: z
    .array(z.object({ what: text, says: text }))
    .max(200)
    .readonly(),
  advice: z
    .array(z.object({ quirk: text, change: text }))
    .max(200)
    .readonly(),
  hasPicture: z.boolean(),
})
const metric = z.object({
  name,
  values: z.array(z.object({ value: z.number(), labels: z.record(z.string(), z.union([z.string(), z.number()])) })),
})
const failure = z.object({ code: z.enum(errorCodes), message: text, remedy: text.optional() })

const fromVision = z.discriminatedUnion('type', [
  z.object({ type: z.literal('picture'), stamp: z.object({ ...stamp, seq: count, ptsUs: z.int() }) }),
  z.object({ type: z.literal('unit'), unit }),
  z.object({ type: z.literal('noVideo'), camera: name, reason: text.nullable() }),
  z.object({ type: z.literal('crop'), crop }),
  z.object({ type: z.literal('captured'), id: count, capture: z.union([captured, failure]) }),
  z.object({ type: z.literal('figures'), worker: name, metrics: z.array(metric) }),
  z.object({ type: z.literal('tested'), id: count, test: z.union([tested, failure]) }),
])

const toVision = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('watch'),
    cameras: z.array(name),
    video: z.array(z.object({ camera: name, only: z.literal('keys').optional() })),
  }),
  z.object({ type: z.literal('capture'), id: count, camera: name, forMs: z.int().min(1).max(60_000) }),
  z.object({ type: z.literal('test'), id: count, camera: name, options: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal('took'), count }),
])

/** Four bytes, the length of the JSON that follows, and then what the message carries. */
const pack = (head: object, carried: Uint8Array): Buffer => {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json, carried])
}

const unpack = (bytes: Buffer): { readonly head: unknown; readonly carried: Buffer } => {
  const length = bytes.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : bytes.readUInt32BE()
  if (LENGTH_BYTES + length > bytes.length) throw new RangeError('its head is cut off')
  const head: unknown = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length))
  return { head, carried: bytes.subarray(LENGTH_BYTES + length) }
}

const nothing = new Uint8Array()

/** The bytes of a message to identity. */
export const encodeFromVision = (message: LinkedFromVision): Buffer => {
  switch (message.type) {
    case 'picture': {
      const { jpeg, ...head } = message
      return pack(head, jpeg)
    }
    case 'unit': {
      const { data, ...rest } = message.unit
      return pack({ ...message, unit: rest }, data)
    }
    case 'crop': {
      const { jpeg, ...rest } = message.crop
      return pack({ ...message, crop: rest }, jpeg)
    }
    case 'captured': {
      if (!('video' in message.capture)) return pack(message, nothing)
      const { video, ...rest } = message.capture
      return pack({ ...message, capture: rest }, video)
    }
    case 'tested': {
      if ('code' in message.test) return pack(message, nothing)
      const { picture, ...rest } = message.test
      return pack({ ...message, test: { ...rest, hasPicture: picture !== null } }, picture ?? nothing)
    }
    case 'figures':
    case 'noVideo':
      return pack(message, nothing)
  }
}

/** Reads a message of a vision process; the bytes may be anything. Throws an Error that says what is wrong. */
export const decodeFromVision = (bytes: Buffer): LinkedFromVision => {
  const { head, carried } = unpack(bytes)
  const said = fromVision.parse(head)
  if (carried.length > mostBytes[said.type]) throw new RangeError(`${said.type}: it carries ${carried.length} bytes`)
  // Bytes of its own: what holds one picture must not hold the whole message, nor be overwritten with it.
  const own = new Uint8Array(carried)
  const message = (): object => {
    switch (said.type) {
      case 'picture':
        return { ...said, jpeg: own }
      case 'unit':
        return { ...said, unit: { ...said.unit, data: own } }
      case 'crop':
        return { ...said, crop: { ...said.crop, jpeg: own } }
      case 'captured':
        return 'code' in said.capture ? said : { ...said, capture: { ...said.capture, video: own } }
      case 'tested': {
        if ('code' in said.test) return said
        const { hasPicture, ...rest } = said.test
        return { ...said, test: { ...rest, picture: hasPicture ? own : null } }
      }
      case 'figures':
      case 'noVideo':
        return said
    }
  }
  return message() as LinkedFromVision
}

/** The bytes of a message to a vision process. */
export const encodeToVision = (message: LinkedToVision): Buffer => pack(message, nothing)

/** Reads a message of identity; the bytes may be anything. Throws an Error that says what is wrong. */
export const decodeToVision = (bytes: Buffer): LinkedToVision => toVision.parse(unpack(bytes).head) as LinkedToVision
