import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const file = fileURLToPath(new URL('../../schemas/rollcall.faces.v1.proto', import.meta.url))
const record = protobuf.parse(readFileSync(file, 'utf8')).root.lookupType('rollcall.faces.v1.Record')

/** A 64-bit number: plain where it is written, of two halves where it is read. */
type Wide = number | { toNumber(): number }

/** The messages of `schemas/rollcall.faces.v1.proto`. Of a message that was read, a field that was not sent has its default. */
export interface WireRecord {
  owner: string
  epoch: Wide
  number: Wide
  embedder: Uint8Array
  faces?: WireFaces | null
  change?: WireChange | null
  alive?: Pick<WireChange, 'state' | 'reason'> | null
  link?: string | null
}

/** `Faces` of the schema. */
export interface WireFaces {
  stream: string
  seq: Wide
  ptsUs: Wide
  capturedAtMs: Wide
  clock: number
  rtpTime?: number | null
  damaged: boolean
  width: number
  height: number
  faces: WireFace[]
  endedTracks: readonly string[]
  traceparent?: string | null
}

/** `Face` of the schema. */
export interface WireFace {
  track: string
  box: readonly number[]
  landmarks: readonly number[]
  score: number
  quality?: { overall: number; sizePx: number; sharpness: number; yaw: number } | null
  embedding: Uint8Array
  source: number
}

/** `Change` of the schema. */
export interface WireChange {
  state: string
  atMs: Wide
  reason: string
  code?: string | null
  retryInMs?: Wide | null
  stream?: string | null
}

/** The bytes of a record. */
export const encodeWire = (message: WireRecord): Uint8Array => record.encode(message as object).finish()

/** Reads a record; the bytes may be anything. Throws an Error of the library. */
export const decodeWire = (bytes: Uint8Array): WireRecord => record.decode(bytes) as unknown as WireRecord

/** A 64-bit number as a plain one. Throws RangeError when it is too large to be exact. */
export const plainNumber = (wide: Wide): number => {
  const value = typeof wide === 'number' ? wide : wide.toNumber()
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no number that is counted exactly`)
  return value
}
