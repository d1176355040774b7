import { RollcallError } from '../src/errors.ts'
import { maxPayloadBytes, type Payload } from './rtp.ts'

/** What RTP says of a JPEG (ITU-T T.81) in place of its headers. */
interface JpegParts {
  readonly width: number
  readonly height: number
  /** 0: chroma halved in width (4:2:2); 1: in both directions (4:2:0). */
  readonly type: 0 | 1
  /** Tables of 64 bytes in zigzag order: luma, then chroma. */
  readonly tables: Buffer
  /** Blocks from one restart marker to the next; 0 without. */
  readonly restartEvery: number
  readonly scan: Uint8Array
}

/** Reads a JPEG up to its scan. Throws CAMERA_FORMAT when it cannot be sent. */
const readJpeg = (bytes: Uint8Array): JpegParts => {
  const jpeg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tables: Buffer[] = []
  let [width, height, luma, restartEvery] = [0, 0, 0, 0]
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1]
    const body = jpeg.subarray(at + 4, at + 2 + jpeg.readUInt16BE(at + 2))
    at += 4 + body.length
    if (marker === 0xdb)
      for (let table = 0; table + 65 <= body.length; table += 65) tables.push(body.subarray(table + 1, table + 65))
    if (marker === 0xdd) restartEvery = body.readUInt16BE(0)
    if (marker === 0xc0) [height, width, luma] = [body.readUInt16BE(1), body.readUInt16BE(3), body[7]]
    const type = ({ 33: 0, 34: 1 } as const)[luma]
    if (marker === 0xda && type !== undefined && tables.length > 0) {
      return { width, height, type, tables: Buffer.concat(tables), restartEvery, scan: jpeg.subarray(at, -2) }
    }
  }
  throw new RollcallError('CAMERA_FORMAT', 'a JPEG was expected to be baseline, in 4:2:0 or 4:2:2')
}

/**
 * The RTP payloads of a JPEG (RFC 2435). With a `quality` a client makes the tables itself; null sends them. A side that has
 * more than 2040 pixels cannot be told, and is 0.
 */
export const jpegPayloads = (
  bytes: Uint8Array,
  quality: number | null,
  maxBytes: number = maxPayloadBytes,
): readonly Payload[] => {
  const { width, height, type, tables, restartEvery, scan } = readJpeg(bytes)
  const eighths = (pixels: number): number => (pixels > 2040 ? 0 : Math.ceil(pixels / 8))
  const restarts = restartEvery > 0 ? [restartEvery >> 8, restartEvery & 255, 0xff, 0xff] : []
  const header = (at: number): Buffer => {
    const place = [0, at >> 16, (at >> 8) & 255, at & 255]
    const kind = [restartEvery > 0 ? type + 64 : type, quality ?? 255, eighths(width), eighths(height)]
    const own = at === 0 && quality === null ? [0, 0, tables.length >> 8, tables.length & 255, ...tables] : []
    return Buffer.from([...place, ...kind, ...restarts, ...own])
  }
  const payloads: Payload[] = []
  for (let at = 0; at < scan.length; ) {
    const prefix = header(at)
    const body = scan.subarray(at, at + Math.max(1, maxBytes - prefix.length))
    payloads.push({ prefix, body })
    at += body.length
  }
  return payloads
}
