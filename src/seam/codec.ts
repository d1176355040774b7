import type { CameraId } from '../types.ts'
import { type Envelope, UnreadableError } from './envelope.ts'
import { decodeRecord, encodeRecord, type SeamRecord } from './record.ts'

/** The value of a Kafka record. */
export const packRecord = (envelope: Envelope, record: SeamRecord): Uint8Array =>
  envelope.pack(record.camera, encodeRecord(record))

/** Reads key and value of a Kafka record; they may be anything. Throws UnreadableError. */
export const unpackRecord = (envelope: Envelope, camera: CameraId, value: Uint8Array | null): SeamRecord => {
  if (camera === '') throw new UnreadableError('damaged', 'it names no camera')
  if (value === null) throw new UnreadableError('damaged', 'it is empty')
  const bytes = envelope.unpack(camera, value)
  try {
    return decodeRecord(camera, bytes)
  } catch (error) {
    throw new UnreadableError('damaged', error instanceof Error ? error.message : String(error))
  }
}
