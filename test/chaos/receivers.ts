import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Aedes } from 'aedes'
import type { RollcallEvent } from '../../src/events/types.ts'
import { isLogged } from '../../src/site/committed-identity.ts'
import { createReceived, type Received } from './received.ts'

/** How those who receive events behave: as they should, not at all, without an answer, or now this way and now that. */
export type Manner = 'well' | 'away' | 'silent' | 'moody'

/** A receiver of webhooks and an MQTT broker, and what each has taken. */
export interface Receivers {
  /** `sinks.webhooks` and `sinks.mqtt` of the program. */
  readonly sinks: object
  readonly taken: readonly Received[]
  /** Events that came before an earlier one of their person or camera; since the last call. */
  outOfOrder(): readonly string[]
  behave(manner: Manner): void
  close(): Promise<void>
}

/** Notes each event that is taken, and whether its person's or camera's come in their order. */
const createConsumer = (name: string, wrong: string[]) => {
  const received = createReceived(name)
  const newest = new Map<string, number>()
  return {
    received,
    take: (text: string): void => {
      const event = JSON.parse(text) as RollcallEvent
      if (!isLogged(event)) return
      const isRepeat = received.logged.has(event.data.sequence)
      try {
        received.take(event, text)
      } catch (error) {
        wrong.push((error as Error).message)
      }
      if (isRepeat) return
      const before = newest.get(event.partitionkey) ?? 0
      if (event.data.sequence < before)
        wrong.push(`${name}: of ${event.partitionkey} ${event.data.sequence} came after ${before}`)
      newest.set(event.partitionkey, Math.max(before, event.data.sequence))
    },
  }
}

/** `random` says what a moody one does. */
export const startReceivers = async (random: () => number): Promise<Receivers> => {
  let manner: Manner = 'well'
  const wrong: string[] = []
  const webhook = createConsumer('the webhook', wrong)
  const mqtt = createConsumer('MQTT', wrong)
  const sockets = new Set<Socket>()
  const hold = (socket: Socket): boolean => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    if (manner === 'away') socket.destroy()
    return manner !== 'away'
  }

  const web = createHttp((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      if (manner === 'silent') return
      const isMoody = manner === 'moody' && random() < 0.5
      if (isMoody && random() < 0.5) return response.writeHead(503).end()
      webhook.take(Buffer.concat(chunks).toString())
      // Taken, and nobody hears of it.
      if (isMoody) return request.socket.destroy()
      await sleep(1)
      return response.end()
    })
  }).on('connection', hold)

  const aedes = await Aedes.createBroker()
  aedes.authorizePublish = (_, { topic, payload }, done) => {
    if (manner === 'silent') return
    if (topic.includes('/events/')) mqtt.take(String(payload))
    if (manner === 'moody' && random() < 0.1) done(new Error('not now'))
    else done(null)
  }
  const broker = createTcp((socket) => {
    if (hold(socket)) aedes.handle(socket)
  })
  const portOf = async (server: typeof web | typeof broker): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const url = `http://127.0.0.1:${await portOf(web)}/hook`
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    sinks: {
      webhooks: {
        chaos: { url, secret, allow: ['127.0.0.1'], types: ['people', 'sightings'], timeoutMs: 5000, retryMaxMs: 1000 },
      },
      mqtt: { broker: `mqtt://127.0.0.1:${await portOf(broker)}`, people: 'all' },
    },
    taken: [webhook.received, mqtt.received],
    outOfOrder: () => wrong.splice(0),
    behave: (next) => {
      manner = next
      // Whoever waits for an answer that was swallowed would wait for long.
      if (next === 'away' || next === 'well') cut()
    },
    close: async () => {
      cut()
      web.close()
      broker.close()
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
    },
  }
}
