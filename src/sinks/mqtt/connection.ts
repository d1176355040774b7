import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type IClientOptions } from 'mqtt'
import { openPemFile } from '../../pem-file.ts'
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
/** A broker that answers pings may still acknowledge nothing. */
const ACKNOWLEDGE_WITHIN_MS = 30_000
const GOODBYE_MS = 500

/** The files of `tls`, read anew for each connection. Throws SINK. */
const openTls = ({ tls }: MqttTarget): (() => IClientOptions) => {
  const files = (['ca', 'cert', 'key'] as const).flatMap((key) => {
    const path = tls[key]
    return path === null ? [] : [[key, openPemFile(path, `sinks.mqtt.tls.${key}`)] as const]
  })
  return () => Object.fromEntries(files.map(([key, read]) => [key, read()]))
}

/**
 * Makes the function that connects. It tries once: who calls it knows when to try again, and what has to be sent again. Throws
 * SINK at once when a file of `tls` cannot be read. A connection on which nothing is acknowledged for `acknowledgeWithinMs` ends.
 */
export const connector = (
  options: MqttTarget,
  clientId: string,
  will: Will | null,
  acknowledgeWithinMs = ACKNOWLEDGE_WITHIN_MS,
): (() => Promise<Connection>) => {
  const tls = openTls(options)
  const given: IClientOptions = {
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
    const client = await connectAsync(options.broker, { ...given, ...tls() }, false)
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    /** What is not acknowledged, in the order in which it was sent, and what to tell who waits for it. */
    const waiting = new Map<(error: Error) => void, string>()
    let lastError: Error | null = null
    let end: Error | null = null
    let silence: NodeJS.Timeout | undefined
    const watch = (): void => {
      clearTimeout(silence)
      if (waiting.size > 0) silence = setTimeout(giveUp, acknowledgeWithinMs)
    }
    const giveUp = (): void => {
      const error = new Error(`no acknowledgement in ${acknowledgeWithinMs / 1000} s`)
      end ??= endOf(error, [...waiting.values()])
      client.end(true)
    }
    client.on('error', (error) => {
      lastError = error
    })
    client.on('close', () => {
      clearTimeout(silence)
      end ??= endOf(lastError, [...waiting.values()])
      resolve()
      for (const reject of waiting.keys()) reject(end)
      waiting.clear()
    })
    return {
      ended,
      error: () => end,
      publish: ({ topic, payload }, retain) =>
        new Promise<void>((done, reject) => {
          if (end) return reject(end)
          waiting.set(reject, topic)
          if (waiting.size === 1) watch()
          client.publish(topic, payload, { qos: 1, retain }, (error) => {
            waiting.delete(reject)
            watch()
            if (error) reject(end ?? error)
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

/** Brokers of MQTT 3.1.1 refuse a message by closing, without a word: what was not acknowledged may be why. */
const endOf = (error: Error | null, [topic, ...more]: readonly string[]): Error => {
  const why = error?.message || 'the broker closed the connection'
  if (topic === undefined) return new Error(why)
  return new Error(`${why}, with ${topic} ${more.length > 0 ? `and ${more.length} more ` : ''}not acknowledged`)
}
