import kafkajs, { type KafkaJSProtocolError } from 'kafkajs'

/**
 * What a failed request means.
 * `refused`: the broker will never take these messages, but would take others.
 * `untimely`: the broker rejects our records' time (by default when it is an hour ahead of the broker's clock).
 * `denied`: the broker takes nothing until somebody changes the configuration of Rollcall or of the broker.
 * `away`: the same request may succeed later.
 */
export type Failure = 'refused' | 'untimely' | 'denied' | 'away'

const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
])
const DENIALS = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'INVALID_REQUIRED_ACKS',
  'INVALID_TOPIC_EXCEPTION',
  'POLICY_VIOLATION',
])

/** Denials of one topic: those of another may be taken. */
const DENIALS_OF_TOPIC = new Set(['TOPIC_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION', 'POLICY_VIOLATION'])

/** An error code that a broker sent. kafkajs is CommonJS, so its values come by the default export. */
export const isProtocolError = (error: unknown): error is KafkaJSProtocolError =>
  error instanceof kafkajs.KafkaJSProtocolError

/** The error and all that it wraps, outermost first: kafkajs wraps errors (`cause`) and gathers several (`errors`). */
export const causes = (error: unknown): readonly Error[] => {
  if (!(error instanceof Error)) return []
  const gathered: unknown = 'errors' in error ? error.errors : []
  const inner = [...(Array.isArray(gathered) ? gathered : []), error.cause]
  return [error, ...inner.flatMap(causes)]
}

/** Judges by the first known error code; `away` when there is none. */
export const failureOf = (error: unknown): Failure => {
  for (const each of causes(error)) {
    if (each.name === 'KafkaJSSASLAuthenticationError') return 'denied'
    if (isProtocolError(each)) {
      if (each.type === 'INVALID_TIMESTAMP') return 'untimely'
      if (REFUSALS.has(each.type)) return 'refused'
      if (DENIALS.has(each.type)) return 'denied'
    }
  }
  return 'away'
}

/** The innermost message, because kafkajs' outer ones say only that it has tried. */
export const reasonOf = (error: unknown): string => {
  const last = causes(error).at(-1)
  return last === undefined ? String(error) : last.message || last.name
}

/** Whether a denial is about one topic, and not about who asks. */
export const isOfTopic = (error: unknown): boolean =>
  causes(error).some((each) => isProtocolError(each) && DENIALS_OF_TOPIC.has(each.type))
