import { readTopics, startBroker } from '../support/kafka/broker.ts'
import { type HangingProxy, startHangingProxy } from '../support/kafka/hanging-proxy.ts'

/** A broker to publish to, and what it has got. */
export interface Kafka {
  readonly brokers: string
  /** Topics of this run alone begin with it. */
  readonly prefix: string
  /** False for one that was there before: it is not ours to kill. */
  readonly isOurs: boolean
  /** As `kill -9` does. */
  kill(): Promise<void>
  /** With the same data, on the same port; nothing when it runs. */
  start(): Promise<void>
  /** From now on it answers everything but the sending of events, or everything again. Nothing for one that is not ours. */
  hang(hangs: boolean): void
  /** `data` of the events about people, tracks and sightings that are in the topics now, by `sequence`. */
  read(): Promise<ReadonlyMap<number, string>>
  close(): Promise<void>
}

/** The broker of KAFKA_BROKERS, or one of this run's own. */
export const openKafka = async (brokers: string | undefined): Promise<Kafka> => {
  const proxy: HangingProxy | null = brokers === undefined ? await startHangingProxy() : null
  const broker = proxy && (await startBroker(proxy))
  const address = broker?.plain ?? (brokers as string).split(',')[0] ?? ''
  const prefix = `chaos-${process.pid}-${Date.now()}.`
  const topics = ['people', 'sightings'].map((name) => `${prefix}${name}.v1`)
  let isUp = true
  return {
    brokers: broker?.proxied ?? address,
    prefix,
    isOurs: broker !== null,
    kill: async () => {
      isUp = false
      await broker?.kill()
    },
    start: async () => {
      if (!isUp) await broker?.start()
      isUp = true
    },
    hang: (hangs) => (hangs ? proxy?.swallow('Produce') : proxy?.swallow()),
    read: async () => {
      const logged = new Map<number, string>()
      for (const { value } of await readTopics(address, topics)) {
        // A tombstone, which follows a deletion.
        if (value === null) continue
        const data = JSON.parse(value) as { readonly sequence: number }
        logged.set(data.sequence, value)
      }
      return logged
    },
    close: async () => {
      proxy?.close()
      await broker?.close()
    },
  }
}
