import type { ConnectionOptions } from 'node:tls'
import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs'
import { RollcallError } from '../errors.ts'
import { readAll } from '../read-all.ts'
import './mend-timers.ts'
import type { Log } from '../types.ts'
import type { Connection } from './options.ts'

/** How brokers are reached. */
export type Reached = Pick<Connection, 'clientId' | 'tls' | 'sasl' | 'requestTimeoutMs'> & {
  readonly brokers: string[]
}

const file = (key: 'ca' | 'cert' | 'key', path: string, where: string): string => {
  try {
    return readAll(path).toString()
  } catch (cause) {
    throw new RollcallError('SINK', `${where}.tls.${key}: ${(cause as Error).message}`, {
      cause,
      remedy: 'Name a PEM file that can be read.',
    })
  }
}

const tlsOf = ({ tls }: Pick<Connection, 'tls'>, where: string): ConnectionOptions | false =>
  tls.enabled && {
    ...(tls.ca !== null && { ca: file('ca', tls.ca, where) }),
    ...(tls.cert !== null && { cert: file('cert', tls.cert, where) }),
    ...(tls.key !== null && { key: file('key', tls.key, where) }),
    ...(tls.serverName !== null && { servername: tls.serverName }),
  }

const saslOf = ({ sasl }: Pick<Connection, 'sasl'>): SASLOptions | undefined =>
  sasl.mechanism === null
    ? undefined
    : ({ mechanism: sasl.mechanism, username: sasl.username, password: sasl.password } as SASLOptions)

/** Takes the password of `sasl` out of a text for the log: a broker might send it back in an error. */
export const redact = ({ sasl }: Pick<Connection, 'sasl'>, text: string): string =>
  sasl.password === '' ? text : text.replaceAll(sasl.password, '***')

/**
 * Makes a kafkajs client. Its own log goes to `log` at debug level, because the callers log what matters. `overrides` win over
 * the options, which stand at `where` in the configuration. Throws SINK when a file of `tls` cannot be read.
 */
export const kafkaClient = (
  options: Reached,
  log: Log,
  overrides: Partial<KafkaConfig> = {},
  where = 'sinks.kafka',
): Kafka => {
  const sasl = saslOf(options)
  return new kafkajs.Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ssl: tlsOf(options, where),
    ...(sasl && { sasl }),
    connectionTimeout: Math.min(5000, options.requestTimeoutMs),
    authenticationTimeout: Math.min(10_000, options.requestTimeoutMs),
    requestTimeout: options.requestTimeoutMs,
    enforceRequestTimeout: true,
    // The callers repeat requests themselves: they know what may wait and for how long.
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 1000 },
    logLevel: kafkajs.logLevel.INFO,
    logCreator:
      () =>
      ({ log: { message, error, broker } }) => {
        const fields = { ...(broker && { broker }), ...(error && { error: redact(options, String(error)) }) }
        log.debug(fields, `kafkajs: ${redact(options, message)}`)
      },
    ...overrides,
  })
}
