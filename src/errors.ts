import { printable } from './text.ts'

/**
 * A failure that Rollcall reports. The code never changes, for programs and for searching. The message names the field
 * or camera and what was expected.
 */
export class RollcallError extends Error {
  override readonly name = 'RollcallError'
  readonly code: ErrorCode
  /** What the reader can do now: one sentence in the imperative. */
  readonly remedy: string | undefined
  /** The facts of the message as data. An HTTP answer has them in its body. */
  readonly details: object | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { remedy?: string | undefined; cause?: unknown; details?: object | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
    this.details = options.details
  }
}

/**
 * The codes of all failures; `docs/messages.md` explains each. Each error brings its own remedy. A code is never renamed,
 * because logs and alerts refer to it.
 */
export const errorCodes = [
  'CONFIG_INVALID',
  'CAMERA_URL',
  'CAMERA_UNAUTHORIZED',
  'CAMERA_NOT_FOUND',
  'CAMERA_REFUSED',
  'CAMERA_UNREACHABLE',
  'CAMERA_TIMEOUT',
  'CAMERA_LOST',
  'CAMERA_STALLED',
  'CAMERA_OVERLOADED',
  'CAMERA_KEY_FRAMES',
  'CAMERA_FORMAT',
  'CAMERA_DECODER',
  'CAMERA_QUARANTINED',
  'CAMERA_PAUSED',
  'CAMERA_REMOVED',
  'RECORDING_READ',
  'MODEL_MISSING',
  'MODEL_INVALID',
  'MODEL_RUN',
  'MODEL_DOWNLOAD',
  'NATIVE_MISSING',
  'PIPELINE',
  'SINK',
  'HTTP_LISTEN',
  'PERSON_UNKNOWN',
  'PERSON_CONFLICT',
  'STATE',
  'USAGE',
] as const

/** See `errorCodes`. */
export type ErrorCode = (typeof errorCodes)[number]

/** `message — remedy`, for people who see the code elsewhere or need none. */
export const withRemedy = ({ message, remedy }: Pick<RollcallError, 'message' | 'remedy'>): string =>
  remedy ? `${message} — ${remedy}` : message

/** `code: message — remedy`, on one line, for logs and the terminal. */
export const describeError = (error: unknown): string => {
  // Several resources failed to close: the first failure is the innermost one.
  if (error instanceof SuppressedError) return `${describeError(error.suppressed)}; ${describeError(error.error)}`
  if (!(error instanceof RollcallError)) return error instanceof Error ? error.message : String(error)
  const message = error.message.replaceAll('\n', '; ')
  return printable(`${error.code}: ${withRemedy({ message, remedy: error.remedy })}`)
}

/** The same for a terminal: when the message lists several mistakes, each has a line of its own. */
export const describeInLines = (error: unknown): string => {
  if (!(error instanceof RollcallError) || !error.message.includes('\n')) return describeError(error)
  const lines = error.message.split('\n')
  return [`${error.code}:`, ...lines, ...(error.remedy ? [`→ ${error.remedy}`] : [])].map(printable).join('\n  ')
}

/** Replaces the user and password of every URL in a text by `***`. */
export const redactUrl = (url: string): string => url.replace(/(\w[\w+.-]*:\/\/)[^/?#]*@/g, '$1***@')
