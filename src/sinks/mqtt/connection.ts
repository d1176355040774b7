import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type IClientOptions } from 'mqtt'
import { RollcallError } from '../../errors.ts'
import { readAll } from '../../read-all.ts'
import type { MqttMessage } from './live.ts'
import type { MqttTarget } from './options.ts'

/** One connection to a broker, from its login to its end. */
export interface Connection {
  /** Resolves when the broker has the message (QoS 1); rejects when the connection ends before. */
  publish(message: MqttMessage, retain: boolean): Promise<void>
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>
  /** Why it has ended; null while it lasts. */
  error(): Error | null
  close(): Promise<void>
}

/** What a connection says of itself: the broker publishes `gone` when it is lost. */
export interface Will {
  readonly topic: string
  readonly gone: string
}

const CONNECT_TIMEOUT_MS = 10_000
const KEEPALIVE_SECONDS = 30
const GOODBYE_MS = 500

const file = (key: 'ca' | 'cert' | 'key', path: string): Buffer => {
  try {
    return readAll(path)
  } catch (cause) {
    throw new RollcallError('SINK', `sinks.mqtt.tls.${key}: ${(cause as Error).message}`, {
      cause,
      remedy: 'Name a PEM file that can be read.',
    })
  }
}

const tlsOf = ({ tls }: MqttTarget): IClientOptions => ({
  ...(tls.ca !== null && { ca: file('ca', tls.ca) }),
  ...(tls.cert !== null && { cert: file('cert', tls.cert) }),
  ...(tls.key !== null && { key: file('key', tls.key) }),
})

/**
 * Makes the function that connects. It tries once: who calls it knows when to try again, and what has to be sent again. Throws
 * SINK at once when a file of `tls` cannot be read.
 */
export const connector = (options: MqttTarget, clientId: string, will: Will | null): (() => Promise<Connection>) => {
  const given: IClientOptions = {
    ...tlsOf(options),
    ...(options.user !== '' && { username: options.user }),
    ...(options.password !== '' && { password: options.password }),
    clientId,
    clean: true,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    ...(will && { will: { topic: will.topic, payload: Buffer.from(will.gone), qos: 1, retain: true } }),
  }
  return async () => {
    const client = await connectAsync(options.broker, given, false)
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    /** What to tell those who wait for an acknowledgement when the connection ends. */
    const waiting = new Set<(error: Error) => void>()
    let lastError: Error | null = null
    let end: Error | null = null
    client.on('error', (error) => {
      lastError = error
    })
    client.on('close', () => {
      end ??= lastError ?? new Error('the broker closed the connection')
      resolve()
      for (const reject of waiting) reject(end)
      waiting.clear()
    })
    return {
      ended,
      error: () => end,
      publish: ({ topic, payload }, retain) =>
        new Promise<void>((done, reject) => {
          if (end) return reject(end)
          waiting.add(reject)
          client.publish(topic, payload, { qos: 1, retain }, (error) => {
            waiting.delete(reject)
            if (error) reject(error)
            else done()
          })
          return undefined
        }),
      close: async () => {
        // An orderly goodbye keeps the broker from publishing the will. One that does not listen gets none.
        if (!end)
          await Promise.race([
            client.endAsync(false).catch(() => undefined),
            sleep(GOODBYE_MS, undefined, { ref: false }),
          ])
        await client.endAsync(true).catch(() => undefined)
      },
    }
  }
}
