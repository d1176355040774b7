import type { StreamId } from '../types.ts'
import type { ChangeDetails } from './camera-report.ts'
import type { CameraSource } from './camera-source.ts'
import { asRollcallError, reasonOf } from './reconnect.ts'
import { missingBytes } from './truncated.ts'

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

/** The end of a recording that cannot be opened, or not be read further. */
export const endByError = ({ url }: CameraSource, error: unknown): CameraEnd => {
  const failure = asRollcallError(error)
  const missing = url.kind === 'file' && failure.code === 'CAMERA_FORMAT' ? missingBytesOf(url.path) : 0
  return { reason: missing > 0 ? breaksOff(missing) : reasonOf(failure), details: { code: failure.code } }
}

const breaksOff = (missing: number): string => `the file breaks off: ${missing} bytes of it are missing`

const missingBytesOf = (path: string): number => {
  try {
    return missingBytes(path)
  } catch {
    return 0
  }
}
