/**
 * What does Rollcall's way to Kafka cost beyond the bare client, and how late are events there? Outbox, spool on disk and
 * sink, and kafkajs alone with equal messages and settings, in turn in one run; the producer in a process of its own,
 * the consumer in this one, the broker that of KAFKA_BROKERS or an Apache Kafka of this run.
 *
 *   npm run bench -- kafka [--rounds N] [--seconds S] [--rate EVENTS_PER_SECOND]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import kafkajs, { type Kafka } from 'kafkajs'
import { hasKafka, startBroker } from '../test/support/kafka/broker.ts'
import { median } from './cpu-time.ts'
import { clockMs } from './frame-events.ts'
import type { FromProducer, Kind, ToProducer } from './kafka-producer.ts'
import { Peer } from './peer.ts'

/** Events at once where throughput is measured. */
const burstEvents = 20_000
const partitions = 3

interface Arrivals {
  reset(): void
  /** Resolves to the ages, ms, of the events since the last reset, when there are so many. */
  all(events: number): Promise<readonly number[]>
  close(): Promise<void>
}

const consume = async (kafka: Kafka, topic: string): Promise<Arrivals> => {
  let agesMs: number[] = []
  let awaited = Number.POSITIVE_INFINITY
  let arrived = Promise.withResolvers<void>()
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100, allowAutoTopicCreation: false })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const joined = Promise.withResolvers<void>()
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve())
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const nowMs = clockMs()
      for (const { value } of batch.messages)
        agesMs.push(nowMs - (JSON.parse(String(value)) as { capturedAtMs: number }).capturedAtMs)
      if (agesMs.length >= awaited) arrived.resolve()
    },
  })
  await joined.promise
  return {
    reset: () => {
      agesMs = []
      awaited = Number.POSITIVE_INFINITY
      arrived = Promise.withResolvers()
    },
    all: async (events) => {
      awaited = events
      if (agesMs.length < awaited) await arrived.promise
      return agesMs
    },
    close: () => consumer.disconnect(),
  }
}

interface Measured {
  readonly cpuUsPerEvent: number
  readonly p99Ms: number
  readonly eventsPerSecond: number
}

interface Plan {
  readonly brokers: readonly string[]
  readonly eventsPerSecond: number
  readonly seconds: number
}

const measure = async (kind: Kind, topicPrefix: string, { brokers, eventsPerSecond, seconds }: Plan) => {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const topic = `${topicPrefix}frames.v1`
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] })
  const arrivals = await consume(kafka, topic)
  const producer = new Peer<ToProducer, FromProducer>('./kafka-producer.ts', 0)
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-bench-'))
  await producer.ask({ type: 'start', kind, brokers, topicPrefix, directory }, 'started')

  const paced = async (durationMs: number) => {
    arrivals.reset()
    const before = await producer.ask({ type: 'usage' }, 'usage')
    const { events } = await producer.ask({ type: 'pace', eventsPerSecond, durationMs }, 'sent')
    const agesMs = [...(await arrivals.all(events))].sort((a, b) => a - b)
    const after = await producer.ask({ type: 'usage' }, 'usage')
    const p99Ms = agesMs[Math.floor((agesMs.length - 1) * 0.99)] as number
    return { cpuUsPerEvent: ((after.cpuMs - before.cpuMs) * 1000) / events, p99Ms }
  }
  await paced(2000)
  const steady = await paced(seconds * 1000)
  arrivals.reset()
  const from = performance.now()
  const { events } = await producer.ask({ type: 'burst', events: burstEvents }, 'sent')
  await arrivals.all(events)
  const rate = (events / (performance.now() - from)) * 1000
  await producer.ask({ type: 'close' }, 'closed')
  await arrivals.close()
  await rm(directory, { recursive: true, force: true })
  const { topics } = await admin.fetchTopicMetadata()
  await admin.deleteTopics({ topics: topics.map(({ name }) => name).filter((name) => name.startsWith(topicPrefix)) })
  await admin.disconnect()
  return { ...steady, eventsPerSecond: rate } satisfies Measured
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '5' },
      rate: { type: 'string', default: '2000' },
    },
  })
  const given = process.env.KAFKA_BROKERS?.split(',')
  if (given === undefined && !hasKafka) throw new Error('no broker: set KAFKA_BROKERS, or install java and mvn')
  const broker = given === undefined ? await startBroker() : null
  const plan: Plan = {
    brokers: given ?? [broker?.plain ?? ''],
    eventsPerSecond: Number(values.rate),
    seconds: Number(values.seconds),
  }
  const of: Record<Kind, Measured[]> = { rollcall: [], bare: [] }
  try {
    for (let round = 1; round <= Number(values.rounds); round++)
      for (const kind of ['bare', 'rollcall'] as const) {
        const measured = await measure(kind, `bench-${process.pid}-${round}-${kind}.`, plan)
        of[kind].push(measured)
        const { cpuUsPerEvent, p99Ms, eventsPerSecond } = measured
        console.error(
          `kafka, round ${round}, ${kind}: ${cpuUsPerEvent.toFixed(1)} µs an event, p99 ${p99Ms.toFixed(1)} ms, ` +
            `${eventsPerSecond.toFixed(0)} events/s`,
        )
      }
  } finally {
    await broker?.close()
  }
  // Neighbours on the machine only ever add to CPU time, so the least of each is nearest to the truth.
  const cpu = (kind: Kind) => Math.min(...of[kind].map(({ cpuUsPerEvent }) => cpuUsPerEvent))
  for (const [kind, infix] of [
    ['rollcall', ''],
    ['bare', 'bare_'],
  ] as const) {
    const rate = Math.max(...of[kind].map(({ eventsPerSecond }) => eventsPerSecond))
    console.log(`kafka_${infix}events_per_second ${rate.toFixed(0)}`)
    console.log(`kafka_${infix}cpu_us_per_event ${cpu(kind).toFixed(1)}`)
    console.log(`kafka_${infix}p99_ms ${Math.min(...of[kind].map(({ p99Ms }) => p99Ms)).toFixed(1)}`)
  }
  // Each pair one right after the other: the machine is faster at some times than at others.
  const ratios = of.rollcall.map(({ cpuUsPerEvent }, i) => cpuUsPerEvent / (of.bare[i]?.cpuUsPerEvent ?? Number.NaN))
  console.log(`kafka_overhead_ratio ${median(ratios).toFixed(3)}`)
}
