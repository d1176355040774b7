import { withRemedy } from '../errors.ts'
import type { StreamId } from '../types.ts'
import type { ChangeDetails } from './camera-report.ts'
import type { CameraSource } from './camera-source.ts'
import { asRollcallError } from './reconnect.ts'
import { missingBytes } from './truncated.ts'

/** Why a camera ended that was closed from outside: a recording has not been read to its end then. */
export const CLOSED = 'closed'

/** Why a camera ended, as its last change says. */
export interface CameraEnd {
  readonly reason: string
  readonly details: ChangeDetails
}

/**
 * The end of a recording that has given its last frame. `stream` is in the details when it was read without loss, and
 * the code CAMERA_FORMAT when the file is truncated.
 */
export const endOfRecording = ({ url, isLossless }: CameraSource, stream: StreamId | null): CameraEnd => {
  const missing = url.kind === 'file' ? missingBytesOf(url.path) : 0
  const details = isLossless && stream !== null ? { stream } : {}
  if (missing === 0) return { reason: 'the recording is over', details }
  return { reason: breaksOff(missing), details: { ...details, code: 'CAMERA_FORMAT' } }
}

/** A truncated file fails as damaged, or gives no picture. */
const mayBeTruncated: ReadonlySet<string> = new Set(['CAMERA_FORMAT', 'CAMERA_TIMEOUT'])

/**
 * The end of a recording that cannot be opened, or not be read further. A file with bytes missing is said to break off,
 * with the code CAMERA_FORMAT.
 */
export const endByError = ({ url }: Pick<CameraSource, 'url'>, error: unknown): CameraEnd => {
  const failure = asRollcallError(error)
  const missing = url.kind === 'file' && mayBeTruncated.has(failure.code) ? missingBytesOf(url.path) : 0
  if (missing > 0) return { reason: breaksOff(missing), details: { code: 'CAMERA_FORMAT' } }
  return { reason: withRemedy(failure), details: { code: failure.code } }
}

const breaksOff = (missing: number): string => `the file breaks off: ${missing} bytes of it are missing`

const missingBytesOf = (path: string): number => {
  try {
    return missingBytes(path)
  } catch {
    return 0
  }
}
