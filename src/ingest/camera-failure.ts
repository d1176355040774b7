import { type ErrorCode, RollcallError } from '../errors.ts'

/** Why a camera cannot be watched, and what to do about it. Plain data, so that threads can send it to each other. */
export interface CameraFailure {
  readonly code: ErrorCode
  /** What was found: the beginning of a sentence without its full stop. No credential is in it. */
  readonly says: string
  /** What the reader can do: one or two sentences. */
  readonly remedy: string
  /** When another try is made. `rarely`: this does not get better by itself. It defaults to `soon`. */
  readonly retry?: 'soon' | 'rarely'
  /** How long the camera asked to be left alone, milliseconds. */
  readonly retryAfterMs?: number
}

/** The error of a failure. Its `details` hold the failure's `retry` and `retryAfterMs`. */
export const failureError = ({ code, says, remedy, ...rule }: CameraFailure, cause?: unknown): RollcallError =>
  new RollcallError(code, says, { remedy, cause, details: rule })

/** When a camera is tried again after an error, as `failureError` noted it. */
export const retryRule = ({ details }: RollcallError): Pick<CameraFailure, 'retry' | 'retryAfterMs'> => details ?? {}
