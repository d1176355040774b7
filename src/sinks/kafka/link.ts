import kafkajs, { type Kafka, type Producer } from 'kafkajs'
import { ALL_REPLICAS, producerConfig } from '../../kafka/producer.ts'
import type { KafkaMessage } from './message.ts'
import type { KafkaOptions } from './options.ts'
import { topicName, topics } from './topics.ts'

/** A kafkajs producer that can be replaced by a new one. */
export interface Link {
  /**
   * Resolves when all in-sync replicas have the messages; rejects with what kafkajs throws. One call at a time.
   * `atMs` is the records' time in Unix milliseconds; null gives them none, which every broker takes.
   */
  send(messages: readonly KafkaMessage[], atMs: number | null): Promise<void>
  /** Closes the producer and forgets its sequence numbers; the next `send` makes a new one. */
  renew(): Promise<void>
}

/** Kafka's NO_TIMESTAMP: retention then counts from when the broker wrote the segment. */
const NO_TIME = '-1'

/**
 * The producer is idempotent: a batch that is sent again *unchanged* after a lost acknowledgement is written once. A batch with
 * other messages needs a new producer (`renew`). kafkajs uses its sequence numbers again after a failure, so the broker
 * would take those messages for a repeat and drop them.
 */
export const createLink = (kafka: Kafka, options: KafkaOptions): Link => {
  let producer: Producer | null = null
  const compression = options.compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None

  const connect = async (): Promise<Producer> => {
    const created = kafka.producer({
      ...producerConfig,
      idempotent: true,
      retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 1000 },
    })
    try {
      await created.connect()
      return created
    } catch (error) {
      await created.disconnect().catch(() => undefined)
      throw error
    }
  }

  return {
    send: async (messages, atMs) => {
      producer ??= await connect()
      const timestamp = atMs !== null && atMs >= 0 ? String(Math.floor(atMs)) : NO_TIME
      const topicMessages = topics
        .map((topic) => ({
          topic: topicName(options, topic),
          messages: messages.flatMap((message) => (message.topic === topic ? { ...message, timestamp } : [])),
        }))
        .filter((each) => each.messages.length > 0)
      await producer.sendBatch({ acks: ALL_REPLICAS, timeout: options.requestTimeoutMs, compression, topicMessages })
    },
    renew: async () => {
      const old = producer
      producer = null
      await old?.disconnect().catch(() => undefined)
    },
  }
}
