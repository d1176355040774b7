import { signedBytes, unitOfBytes } from '../math/signed-bytes.ts'
import type { Seen } from '../operators/identify.ts'
import {
  type Box,
  type CameraChange,
  type CameraId,
  type CameraState,
  type Clock,
  cameraStates,
  type Face,
  type FaceSource,
  type Faces,
  type Landmarks,
} from '../types.ts'
import {
  decodeWire,
  encodeWire,
  plainNumber,
  type WireChange,
  type WireFace,
  type WireFaces,
  type WireRecord,
} from './wire.ts'

/** What a vision process says of a camera over Kafka, one record of the topic. */
export interface SeamRecord {
  readonly camera: CameraId
  /** The vision process that has the camera, by name. */
  readonly owner: string
  /** Rises when another process gets the camera. */
  readonly epoch: number
  /** Rises by one from record to record of a camera and epoch. */
  readonly number: number
  /** The first eight bytes of the SHA-256 of the embedder, as hexadecimal digits. */
  readonly embedder: string
  readonly what: Seen | Alive
  /** Where the pictures of this process are, as a WebSocket's URL. It is not in every record. */
  readonly link?: string
}

/** The process still has the camera, and nothing was seen: the state that the camera is still in. */
export interface Alive extends Pick<CameraChange, 'state' | 'reason'> {
  readonly type: 'alive'
}

const clocks: readonly Clock[] = ['camera', 'arrival', 'file']
const sources: readonly (FaceSource | null)[] = [null, 'main', 'detail']

/** Where the embedder's hash is cut off. */
const embedderDigits = 16

/** What a record says of the embedder with this SHA-256. */
export const embedderMark = (sha256: string): string => sha256.slice(0, embedderDigits)

/** The bytes of a record, without its camera: that is the key beside them. */
export const encodeRecord = ({ owner, epoch, number, embedder, what, link }: SeamRecord): Uint8Array =>
  encodeWire({
    owner,
    epoch,
    number,
    embedder: Buffer.from(embedder, 'hex'),
    ...(what.type === 'faces' && { faces: wireFaces(what.faces) }),
    ...(what.type === 'change' && { change: wireChange(what.change) }),
    ...(what.type === 'alive' && { alive: { state: what.state, reason: what.reason } }),
    ...(link !== undefined && { link }),
  })

const wireFaces = (said: Faces): WireFaces => {
  const { camera: _, faces, clock, damaged, ...rest } = said
  return { ...rest, clock: clocks.indexOf(clock), damaged: damaged === true, faces: faces.map(wireFace) }
}

const wireFace = ({ track, box, landmarks, score, quality, embedding, source }: Face): WireFace => ({
  track,
  box: [box.x, box.y, box.width, box.height],
  landmarks: landmarks.flatMap(({ x, y }) => [x, y]),
  score,
  ...(quality && { quality }),
  embedding: embedding ? new Uint8Array(signedBytes(embedding).buffer) : new Uint8Array(),
  source: sources.indexOf(source ?? null),
})

const wireChange = (said: CameraChange): WireChange => {
  const { camera: _, ...change } = said
  return change
}

/** Reads a record of a camera; the bytes may be anything. Throws an Error that says what is wrong with them. */
export const decodeRecord = (camera: CameraId, bytes: Uint8Array): SeamRecord => {
  const wire = decodeWire(bytes)
  const { owner, epoch, number, embedder } = wire
  return {
    camera,
    owner,
    epoch: plainNumber(epoch),
    number: plainNumber(number),
    embedder: Buffer.from(embedder).toString('hex'),
    what: whatFrom(camera, wire),
    ...(isSaid(wire, 'link') && { link: wire.link }),
  }
}

const whatFrom = (camera: CameraId, { faces, change, alive }: WireRecord): SeamRecord['what'] => {
  if (faces) return { type: 'faces', faces: facesFrom(camera, faces) }
  if (change) return { type: 'change', change: changeFrom(camera, change) }
  if (alive) return { type: 'alive', state: stateFrom(alive.state), reason: alive.reason }
  throw new Error('it says nothing of the camera')
}

const facesFrom = (camera: CameraId, wire: WireFaces): Faces => ({
  camera,
  stream: named('stream', wire.stream),
  seq: plainNumber(wire.seq),
  ptsUs: plainNumber(wire.ptsUs),
  capturedAtMs: plainNumber(wire.capturedAtMs),
  clock: oneOf('clock', clocks, wire.clock),
  ...(isThere(wire.rtpTime) && { rtpTime: wire.rtpTime }),
  ...(wire.damaged && { damaged: true }),
  width: wire.width,
  height: wire.height,
  faces: wire.faces.map(faceFrom),
  endedTracks: wire.endedTracks.map((track) => named('ended track', track)),
  ...(isSaid(wire, 'traceparent') && { traceparent: wire.traceparent }),
})

const faceFrom = ({ track, box, landmarks, score, quality, embedding, source: index }: WireFace): Face => {
  const source = oneOf('source', sources, index)
  if (embedding.length > 0 && !isThere(quality)) throw new Error('an embedding has no quality')
  return {
    track: named('track', track),
    box: boxFrom(box),
    landmarks: landmarksFrom(landmarks),
    score: finite('score', score),
    ...(isThere(quality) && {
      quality: {
        overall: share('quality', quality.overall),
        sizePx: finite('size', quality.sizePx),
        sharpness: finite('sharpness', quality.sharpness),
        yaw: finite('yaw', quality.yaw),
      },
    }),
    ...(embedding.length > 0 && { embedding: embeddingFrom(embedding) }),
    ...(source !== null && { source }),
  }
}

const boxFrom = (numbers: readonly number[]): Box => {
  const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = numbers
  if (numbers.length !== 4) throw new Error(`a box has ${numbers.length} numbers, expected 4`)
  return { x: finite('box', x), y: finite('box', y), width: finite('box', width), height: finite('box', height) }
}

const landmarksFrom = (numbers: readonly number[]): Landmarks => {
  if (numbers.length !== 10) throw new Error(`landmarks have ${numbers.length} numbers, expected 10`)
  const at = (i: number) => ({
    x: finite('landmark', numbers[2 * i] ?? Number.NaN),
    y: finite('landmark', numbers[2 * i + 1] ?? Number.NaN),
  })
  return [at(0), at(1), at(2), at(3), at(4)]
}

const embeddingFrom = ({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array => {
  const embedding = unitOfBytes(new Int8Array(buffer, byteOffset, byteLength))
  if (embedding === null) throw new Error('an embedding has no direction')
  return embedding
}

const stateFrom = (state: string): CameraState => {
  const found = cameraStates.find((each) => each === state)
  if (found === undefined) throw new Error('the state of a camera is unknown')
  return found
}

const changeFrom = (camera: CameraId, wire: WireChange): CameraChange => {
  return {
    camera,
    state: stateFrom(wire.state),
    atMs: plainNumber(wire.atMs),
    reason: wire.reason,
    ...(isSaid(wire, 'code') && { code: wire.code }),
    ...(isSaid(wire, 'retryInMs') && { retryInMs: plainNumber(wire.retryInMs) }),
    ...(isSaid(wire, 'stream') && { stream: wire.stream }),
  }
}

const isThere = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined

/** Whether an optional number or text was sent; otherwise reading it gives its default. */
const isSaid = <T extends object, K extends keyof T>(
  wire: T,
  key: K,
): wire is T & { [Key in K]-?: NonNullable<T[Key]> } => Object.hasOwn(wire, key)

const finite = (what: string, value: number): number => {
  if (!Number.isFinite(value)) throw new Error(`${what}: expected a number`)
  return value
}

const share = (what: string, value: number): number => {
  if (!(value >= 0 && value <= 1)) throw new Error(`${what}: expected 0 to 1`)
  return value
}

const named = (what: string, name: string): string => {
  if (name === '') throw new Error(`${what}: expected a name`)
  return name
}

const oneOf = <T>(what: string, all: readonly T[], index: number): T => {
  const found = all[index]
  if (found === undefined) throw new Error(`${what}: ${index} is unknown`)
  return found
}
