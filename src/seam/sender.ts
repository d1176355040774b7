import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from 'kafkajs'
import { redact } from '../kafka/client.ts'
import { failureOf, reasonOf } from '../kafka/failure.ts'
import { ALL_REPLICAS, producerConfig } from '../kafka/producer.ts'
import type { Metrics } from '../metrics.ts'
import type { CameraId, Log } from '../types.ts'
import { packRecord } from './codec.ts'
import type { SeamRecord } from './record.ts'
import { ensureTopic, NO_COMPRESSION, type SeamPlace } from './topic.ts'

/** Sends the records of a vision process to Kafka, each camera's in order. Owned by who opened it, who closes it. */
export interface Sender {
  /** Takes a record. `onDone` is called when the brokers have it, or it was given up; faces wait for that before more come. */
  push(record: Omit<SeamRecord, 'owner' | 'number' | 'embedder'>, onDone: () => void): void
  /** Whether something of the camera waits. */
  isWaiting(camera: CameraId): boolean
  /** Why `/readyz` says no; null while the brokers take records. */
  failure(): string | null
  /** Waits at most so long for what waits, and closes the connection. */
  close(withinMs: number): Promise<void>
}

/** What a sender shares with its process. */
export interface SenderDeps extends Pick<SeamRecord, 'owner' | 'embedder'> {
  readonly metrics: Pick<Metrics, 'seam' | 'drops'>
  readonly log: Log
}

/** Most records in one request: at a kilobyte each well below what brokers take. */
const MOST_RECORDS = 256
/** Most records of a camera that no credit bounds: while the broker is away a camera may connect again for hours. */
const MOST_UNBOUNDED = 16
const RETRY_MS = { first: 100, most: 5000 }

interface Waiting {
  readonly camera: CameraId
  readonly isFaces: boolean
  readonly value: Uint8Array
  readonly onDone: () => void
}

/** What a sender holds. */
interface State {
  readonly waiting: Waiting[]
  underWay: readonly Waiting[]
  failure: string | null
  isClosing: boolean
}

/**
 * One request is under way at a time, and is repeated until the brokers have it. A repeat may be there twice: `number` tells.
 * Faces are bounded by the credit of their cameras, so while the brokers are away cameras leave pictures out and recordings wait.
 */
export const openSender = (place: SeamPlace, { owner, embedder, ...deps }: SenderDeps): Sender => {
  const { metrics, log } = deps
  const state: State = { waiting: [], underWay: [], failure: null, isClosing: false }
  const { waiting } = state
  const numbers = new Map<string, number>()
  const link = createLink(place)
  const deliver = createDelivery(place, link, state, deps)
  let running: Promise<void> | null = null

  const run = async (): Promise<void> => {
    while (waiting.length > 0 && !(state.isClosing && state.failure !== null)) {
      state.underWay = waiting.splice(0, MOST_RECORDS)
      await deliver(state.underWay)
      const done = state.underWay
      state.underWay = []
      metrics.seam.waiting.set(waiting.length)
      for (const { onDone } of done) onDone()
    }
    // Before anything else can push.
    running = null
  }
  const makeRoom = (camera: CameraId): void => {
    const own = waiting.filter((each) => each.camera === camera && !each.isFaces)
    const [oldest] = own
    if (oldest === undefined || own.length < MOST_UNBOUNDED) return
    waiting.splice(waiting.indexOf(oldest), 1)
    metrics.drops.inc({ stage: 'seam', camera })
    oldest.onDone()
  }
  const nextNumber = (stream: string): number => {
    const number = (numbers.get(stream) ?? 0) + 1
    numbers.set(stream, number)
    return number
  }

  return {
    push: (record, onDone) => {
      const { camera, epoch, what } = record
      const isFaces = what.type === 'faces'
      if (!isFaces) makeRoom(camera)
      const number = nextNumber(`${epoch} ${camera}`)
      const value = packRecord(place.envelope, { ...record, owner, number, embedder })
      waiting.push({ camera, isFaces, value, onDone })
      metrics.seam.waiting.set(waiting.length + state.underWay.length)
      running ??= run()
    },
    isWaiting: (camera) => [...state.underWay, ...waiting].some((each) => each.camera === camera),
    failure: () => state.failure && `seam.kafka: the brokers take no faces (${state.failure})`,
    close: async (withinMs) => {
      await Promise.race([running, sleep(withinMs, undefined, { ref: false })])
      state.isClosing = true
      await link.renew()
      const left = waiting.length + state.underWay.length
      if (left > 0) log.warn({ records: left }, 'records that kafka did not take are lost')
    },
  }
}

/** Sends until the brokers have it, or the sender closes. What they will never take is given up. */
const createDelivery = (
  place: SeamPlace,
  link: ReturnType<typeof createLink>,
  state: State,
  { metrics, log }: Pick<SenderDeps, 'metrics' | 'log'>,
) => {
  const reasonFor = (error: unknown): string => redact(place.options, reasonOf(error))
  const deliver = async (batch: readonly Waiting[]): Promise<void> => {
    for (let waitMs = RETRY_MS.first; ; waitMs = Math.min(2 * waitMs, RETRY_MS.most)) {
      try {
        await link.send(batch)
        if (state.failure !== null) log.info({ topic: place.topic }, 'faces reach kafka again')
        state.failure = null
        for (const { camera } of batch) metrics.seam.sent.inc({ camera })
        return
      } catch (error) {
        metrics.seam.failures.inc()
        await link.renew()
        if (failureOf(error) === 'refused') {
          await giveUp(batch, error)
          return
        }
        const reason = reasonFor(error)
        if (state.failure !== reason)
          log.warn({ topic: place.topic, reason }, 'faces do not reach kafka: live cameras leave pictures out')
        state.failure = reason
      }
      if (state.isClosing) return
      await sleep(waitMs)
    }
  }
  /** One record that is refused must not take others with it. */
  const giveUp = async (batch: readonly Waiting[], error: unknown): Promise<void> => {
    if (batch.length > 1) {
      for (const one of batch) await deliver([one])
      return
    }
    for (const { camera } of batch) {
      metrics.drops.inc({ stage: 'seam', camera })
      log.error({ camera, reason: reasonFor(error) }, 'kafka refuses a record, which is given up')
    }
  }
  return deliver
}

/** A producer that is made when it is needed, the topic before it. */
const createLink = (place: SeamPlace) => {
  let producer: Producer | null = null
  let isTopicThere = false
  const connected = async (): Promise<Producer> => {
    if (!isTopicThere) await ensureTopic(place)
    isTopicThere = true
    const created = place.kafka.producer(producerConfig)
    // Whoever renews closes it, also when it cannot connect.
    producer = created
    await created.connect()
    return created
  }
  return {
    send: async (batch: readonly Waiting[]): Promise<void> => {
      const ready = producer ?? (await connected())
      await ready.send({
        topic: place.topic,
        acks: ALL_REPLICAS,
        timeout: place.options.requestTimeoutMs,
        compression: NO_COMPRESSION,
        messages: batch.map(({ camera, value }) => ({ partition: 0, key: camera, value: Buffer.from(value) })),
      })
    },
    renew: async (): Promise<void> => {
      const old = producer
      producer = null
      await old?.disconnect().catch(() => undefined)
    },
  }
}
