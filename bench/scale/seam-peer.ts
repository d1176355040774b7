/** A child process of the benchmark: both ends of the seam over Kafka, Rollcall's own or those of the bare client. */
import kafkajs, { type Producer } from 'kafkajs'
import { Registry } from 'prom-client'
import { ALL_REPLICAS, producerConfig } from '../../src/kafka/producer.ts'
import { createMetrics } from '../../src/metrics.ts'
import { createLedger } from '../../src/seam/ledger.ts'
import { openReceiver } from '../../src/seam/receiver.ts'
import { decodeRecord, encodeRecord, type SeamRecord } from '../../src/seam/record.ts'
import { openSender } from '../../src/seam/sender.ts'
import { ensureTopic, seamPlace } from '../../src/seam/topic.ts'
import type { Faces } from '../../src/types.ts'
import { silent } from '../../test/site/site.ts'
import { seamOn } from './site.ts'
import { createTraffic, looksOf } from './traffic.ts'

/** Whose ends of the seam are measured. */
export type Kind = 'rollcall' | 'bare'

/** What the benchmark asks. */
export type ToPeer =
  | { readonly type: 'start'; readonly kind: Kind; readonly brokers: readonly string[]; readonly prefix: string }
  /** So many messages a second, evenly; answered when all have arrived. */
  | { readonly type: 'pace'; readonly rate: number; readonly seconds: number }
  | { readonly type: 'close' }

/** What it is told. */
export type FromPeer =
  | { readonly type: 'started' | 'closed' }
  | { readonly type: 'arrived'; readonly messages: number; readonly cpuMs: number; readonly fetchedBytes: number }

interface Ends {
  readonly push: (faces: Faces) => void
  /** Messages that have arrived. */
  readonly arrived: () => number
  /** Bytes of what the broker answered to fetches. */
  readonly fetchedBytes: () => number
  readonly close: () => Promise<void>
}

const cameras = 50
const embedder = '00'.repeat(8)

const rollcall = async (brokers: readonly string[], prefix: string): Promise<Ends> => {
  const place = seamPlace('bench', seamOn(brokers, prefix, false), silent)
  await ensureTopic(place)
  const metrics = createMetrics(new Registry())
  const ledger = createLedger([], () => performance.now())
  let arrived = 0
  const receiver = openReceiver(place, {
    ledger,
    isKept: false,
    take: (offset, record) => {
      if (ledger.judge(record).outcome === 'new') arrived++
      ledger.note(offset, record)
    },
    room: () => null,
    onFatal: (error) => {
      throw error
    },
    metrics,
    log: silent,
  })
  const sender = openSender(place, { owner: 'bench', embedder, metrics, log: silent })
  return {
    push: (faces) => sender.push({ camera: faces.camera, epoch: 1, what: { type: 'faces', faces } }, () => {}),
    arrived: () => arrived,
    fetchedBytes: () => 0,
    close: async () => {
      await sender.close(0)
      await receiver.close()
    },
  }
}

/** Sends what has come since the last request, one request at a time, as a careful program does with kafkajs alone. */
const sending = (producer: Producer, topic: string) => {
  const waiting: SeamRecord[] = []
  let isUnderWay = false
  const run = async (): Promise<void> => {
    isUnderWay = true
    while (waiting.length > 0) {
      const messages = waiting
        .splice(0, 256)
        .map((record) => ({ partition: 0, key: record.camera, value: Buffer.from(encodeRecord(record)) }))
      await producer.send({ topic, acks: ALL_REPLICAS, compression: kafkajs.CompressionTypes.None, messages })
    }
    isUnderWay = false
  }
  return (record: SeamRecord): void => {
    waiting.push(record)
    if (!isUnderWay) void run()
  }
}

const bare = async (brokers: readonly string[], prefix: string): Promise<Ends> => {
  const { topic } = seamPlace('bench', seamOn(brokers, prefix, false), silent)
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] })
  await admin.disconnect()
  const producer = kafka.producer(producerConfig)
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 300, allowAutoTopicCreation: false })
  let [arrived, fetchedBytes, number] = [0, 0, 0]
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    if (payload.apiName === 'Fetch') fetchedBytes += payload.size
  })
  await Promise.all([producer.connect(), consumer.connect()])
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) {
        decodeRecord(String(key), value ?? new Uint8Array())
        arrived++
      }
    },
  })
  const send = sending(producer, topic)
  return {
    push: (faces) =>
      send({
        camera: faces.camera,
        owner: 'bench',
        epoch: 1,
        number: ++number,
        embedder,
        what: { type: 'faces', faces },
      }),
    arrived: () => arrived,
    fetchedBytes: () => fetchedBytes,
    close: async () => {
      await producer.disconnect()
      await consumer.disconnect()
    },
  }
}

const next = createTraffic(looksOf(1000, 1), 1)
/** With an embedding each, and made before: what it costs to make them up is nobody’s. */
const made = Array.from({ length: cameras * 5 }, (_, i) => next(i % cameras, 1_700_000_000_000 + i))
let pushed = 0
let ends: Ends
const answer = (message: FromPeer): void => void process.send?.(message)

const pace = async (rate: number, seconds: number): Promise<void> => {
  const before = { cpu: process.cpuUsage(), bytes: ends.fetchedBytes(), pushed }
  const fromMs = performance.now()
  for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - fromMs) {
    while (pushed - before.pushed < (elapsedMs / 1000) * rate) ends.push(made[pushed++ % made.length] as Faces)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  while (ends.arrived() < pushed) await new Promise((resolve) => setTimeout(resolve, 5))
  const { user, system } = process.cpuUsage(before.cpu)
  const fetchedBytes = ends.fetchedBytes() - before.bytes
  answer({ type: 'arrived', messages: pushed - before.pushed, cpuMs: (user + system) / 1000, fetchedBytes })
}

process.on('message', async (message: ToPeer) => {
  if (message.type === 'start') {
    ends = await (message.kind === 'rollcall' ? rollcall : bare)(message.brokers, message.prefix)
    answer({ type: 'started' })
  } else if (message.type === 'pace') await pace(message.rate, message.seconds)
  else {
    await ends.close()
    answer({ type: 'closed' })
    process.disconnect()
  }
})
