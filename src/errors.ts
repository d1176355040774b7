import { printable } from './text.ts'

/**
 * Every failure that Rollcall itself reports: a code that never changes (for machines and for searching), a message
 * that names the field or camera and says what was expected, and what to do about it.
 */
export class RollcallError extends Error {
  override readonly name = 'RollcallError'
  readonly code: ErrorCode
  /** One sentence in the imperative: what the reader can do now. */
  readonly remedy: string | undefined
  /** What the message says, for programs; in the body of an HTTP answer. */
  readonly details: object | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { remedy?: string; cause?: unknown; details?: object | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
    this.details = options.details
  }
}

export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'CAMERA_URL'
  | 'CAMERA_UNAUTHORIZED'
  | 'CAMERA_NOT_FOUND'
  | 'CAMERA_UNREACHABLE'
  | 'CAMERA_TIMEOUT'
  | 'CAMERA_LOST'
  | 'CAMERA_STALLED'
  | 'CAMERA_FORMAT'
  | 'RECORDING_READ'
  | 'MODEL_MISSING'
  | 'MODEL_INVALID'
  | 'MODEL_RUN'
  | 'MODEL_DOWNLOAD'
  | 'NATIVE_MISSING'
  | 'PIPELINE'
  | 'SINK'
  | 'HTTP_LISTEN'
  | 'PERSON_UNKNOWN'
  | 'PERSON_CONFLICT'
  | 'STATE'
  | 'USAGE'

/** `code: message — remedy`, on one line, for logs and the terminal. */
export const describeError = (error: unknown): string => {
  // Several things that could not be closed: the first failure is the innermost one.
  if (error instanceof SuppressedError) return `${describeError(error.suppressed)}; ${describeError(error.error)}`
  if (!(error instanceof RollcallError)) return error instanceof Error ? error.message : String(error)
  return printable(`${error.code}: ${error.message}${error.remedy ? ` — ${error.remedy}` : ''}`)
}

/** Replaces the user and password of a URL by `***`; everything else stays readable. */
export const redactUrl = (url: string): string => url.replace(/(\w[\w+.-]*:\/\/)[^/?#]*@/g, '$1***@')
