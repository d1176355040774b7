import type { ConnectionOptions } from 'node:tls'
import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs'
import { openPemFile } from '../pem-file.ts'
import './mend-timers.ts'
import type { Log } from '../types.ts'
import type { Connection } from './options.ts'

/** How brokers are reached. */
export type Reached = Pick<Connection, 'clientId' | 'tls' | 'sasl' | 'requestTimeoutMs'> & {
  readonly brokers: string[]
}

/** kafkajs copies these for each connection, and so asks for the files anew. */
const tlsOf = ({ tls }: Pick<Connection, 'tls'>, where: string): ConnectionOptions | false => {
  if (!tls.enabled) return false
  const options: ConnectionOptions = tls.serverName === null ? {} : { servername: tls.serverName }
  for (const key of ['ca', 'cert', 'key'] as const) {
    const path = tls[key]
    if (path !== null)
      Object.defineProperty(options, key, { enumerable: true, get: openPemFile(path, `${where}.tls.${key}`) })
  }
  return options
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
