import type { CameraFailure } from '../camera-failure.ts'
import { Refused } from './rtsp-failures.ts'

/** A larger picture is not waited for. */
export const MAX_PICTURE_BYTES = 16_777_216
const MAX_HEAD = 16_384

/** The boundary that a Content-Type names; some cameras write the dashes before it, too. */
export const boundaryOf = (contentType: string): string =>
  (/boundary="?([^";]*)/i.exec(contentType)?.[1] ?? '').trim().replace(/^-+/, '')

/** Whether bytes begin as a JPEG does. */
export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8

/**
 * Divides `multipart/x-mixed-replace` into its parts, without their headers. Forgives what cameras do: no first
 * boundary, dashes in the boundary's name, no Content-Length. `push` throws `Refused` when a part does not end.
 */
export const createPartReader = (boundary: string, place: string): { push(chunk: Buffer): readonly Buffer[] } => {
  let pending: Buffer = Buffer.alloc(0)
  /** How much of `pending` holds no boundary for certain. */
  let searched = 0
  const mark = Buffer.from(`--${boundary}`)

  const next = (): Buffer | null => {
    const head = headEnd(pending)
    if (head === null) {
      if (pending.length > MAX_HEAD) throw tooLong(place, 'a header', MAX_HEAD)
      return null
    }
    const length = Number(/^content-length:\s*(\d+)/im.exec(pending.toString('latin1', 0, head))?.[1] ?? 0)
    if (length > MAX_PICTURE_BYTES) throw tooLong(place, 'a part', MAX_PICTURE_BYTES)
    const end = length > 0 ? head + length : pending.indexOf(mark, Math.max(head, searched))
    if (end < 0 || end > pending.length) {
      searched = Math.max(0, pending.length - mark.length)
      if (pending.length > MAX_PICTURE_BYTES + MAX_HEAD) throw tooLong(place, 'a part', MAX_PICTURE_BYTES)
      return null
    }
    const part = pending.subarray(head, end)
    pending = pending.subarray(end)
    searched = 0
    return part
  }

  return {
    push: (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const parts: Buffer[] = []
      for (let part = next(); part !== null; part = next()) parts.push(part)
      return parts
    },
  }
}

/** Where the data of a part begins: behind its boundary, its headers and an empty line; null when that has not come. */
const headEnd = (bytes: Buffer): number | null => {
  let start = 0
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++
  const [wide, narrow] = [bytes.indexOf('\r\n\r\n', start), bytes.indexOf('\n\n', start)]
  if (wide < 0 && narrow < 0) return null
  return narrow < 0 || (wide >= 0 && wide < narrow) ? wide + 4 : narrow + 2
}

const tooLong = (place: string, what: string, limit: number): Refused => {
  const failure: CameraFailure = {
    code: 'CAMERA_FORMAT',
    says: `${place} sends ${what} of more than ${limit} bytes`,
    remedy: 'Check that its URL leads to the camera, and set a smaller picture in its settings.',
    retry: 'rarely',
  }
  return new Refused(failure)
}

const NAME = 'rollcall-picture'

/** The Content-Type of what `partBytes` makes. */
export const partsType = `multipart/x-mixed-replace;boundary=${NAME}`
/** Comes before the first part. */
export const partsBegin = `--${NAME}\r\n`
/** One JPEG as a part, with the boundary behind it, because GStreamer waits for that. */
export const partBytes = (jpeg: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`),
    jpeg,
    Buffer.from(`\r\n--${NAME}\r\n`),
  ])
