import kafkajs, { type KafkaJSProtocolError } from 'kafkajs'

/**
 * What a failed request means.
 * `refused`: the broker will never take these messages, others it would.
 * `untimely`: it does not take the time of our clock (an hour ahead of its own, unless the topic says otherwise).
 * `denied`: nothing is taken until somebody changes the configuration here or there.
 * `away`: later it may work.
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
  'POLICY_VIOLATION',
])

/** kafkajs is CommonJS: what is not a type comes by its default export. */
export const isProtocolError = (error: unknown): error is KafkaJSProtocolError =>
  error instanceof kafkajs.KafkaJSProtocolError

/** kafkajs wraps what it has given up to repeat, and gathers: the errors from the outermost to those that began it. */
export const causes = (error: unknown): readonly Error[] => {
  if (!(error instanceof Error)) return []
  const gathered: unknown = 'errors' in error ? error.errors : []
  const inner = [...(Array.isArray(gathered) ? gathered : []), error.cause]
  return [error, ...inner.flatMap(causes)]
}

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

/** The innermost message: kafkajs' outer ones say only that it has tried. */
export const reasonOf = (error: unknown): string => {
  const last = causes(error).at(-1)
  return last === undefined ? String(error) : last.message || last.name
}
