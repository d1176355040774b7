import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import { RollcallError } from '../../errors.ts'
import { reasonOf } from '../../kafka/failure.ts'
import { patiently } from '../../kafka/patiently.ts'
import type { Log } from '../../types.ts'
import { UnreadableError } from '../envelope.ts'
import type { StateRecord } from './record.ts'
import type { StatePlace } from './topic.ts'

/** Reads what is committed to the topic of a site, and goes on reading. Owned by who opened it, who closes it. */
export interface StateReader {
  /** Records that are there and were not read, as of the last fetch. */
  lag(): number
  /** Rejects when what stands there cannot be read, or `take` throws. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

/** What is read at once. */
export interface StateBatch {
  readonly records: readonly StateRecord[]
  /** The offset after the last record; everything before it was read. */
  readonly next: number
}

/** The offsets that the topic has; a topic that nobody has written begins and ends at 0. */
export interface TopicEnds {
  readonly from: number
  readonly until: number
}

/** An idle fetch that waits longer holds up the heartbeat. */
const FETCH_WAIT_MS = 250
/** Read at once at most. */
const FETCH_BYTES = 8_388_608

/** Rejects with what kafkajs throws. */
export const stateTopicEnds = async ({ kafka, topic }: StatePlace): Promise<TopicEnds> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const [partition] = await patiently(() => admin.fetchTopicOffsets(topic))
    return { from: Number(partition?.low ?? 0), until: Number(partition?.high ?? 0) }
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/**
 * Gives `take` what is committed at `from` and after it, in order, in a consumer group of its own. While the brokers are away it
 * waits. Rejects with what kafkajs throws when it cannot begin.
 */
export const openStateReader = async (
  place: StatePlace,
  from: number,
  take: (batch: StateBatch) => void,
  log: Log,
): Promise<StateReader> => {
  const { kafka, topic, codec } = place
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  let next = from
  let lag = 0
  let isOver = false
  const fail = (error: unknown): void => {
    isOver = true
    failed.reject(error)
  }
  const read = ({ batch }: EachBatchPayload): void => {
    // After a rebalance everything comes again, also what was before the beginning.
    const news = batch.messages.filter(({ offset }) => Number(offset) >= next)
    if (isOver || news.length === 0) return
    try {
      const records = news.map(({ key, value }) => codec.unpack(key, value))
      next = Number(news.at(-1)?.offset) + 1
      lag = Math.max(0, Number(batch.highWatermark) - next - 1)
      take({ records, next })
    } catch (error) {
      fail(error instanceof UnreadableError ? unreadable(topic, error) : error)
    }
  }
  const consumer = kafka.consumer({
    groupId: `${place.transactionalId}.state.${randomUUID()}`,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: FETCH_BYTES,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: async () => !isOver },
  })
  try {
    consumer.on(consumer.events.GROUP_JOIN, () => consumer.seek({ topic, partition: 0, offset: String(next) }))
    consumer.on(consumer.events.CRASH, ({ payload }) =>
      log.warn({ topic, reason: reasonOf(payload.error) }, 'the people of the site cannot be read from kafka for now'),
    )
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch: async (payload) => read(payload) })
  } catch (error) {
    await end(consumer)
    throw error
  }
  return {
    lag: () => lag,
    failed: failed.promise,
    close: async () => {
      isOver = true
      await end(consumer)
    },
  }
}

const end = (consumer: Consumer): Promise<void> => consumer.disconnect().catch(() => undefined)

const unreadable = (topic: string, { message }: UnreadableError): RollcallError =>
  new RollcallError('STATE', `seam.stateTopic: a record of ${topic} cannot be read: ${message}`, {
    remedy:
      'Use the same seam.kafka.sealingKey and the same version of Rollcall for all identity processes of the site.',
  })
