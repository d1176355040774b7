import kafkajs, { type Kafka } from 'kafkajs'
import { RollcallError } from '../errors.ts'
import { kafkaClient } from '../sinks/kafka/client.ts'
import { causes, isProtocolError } from '../sinks/kafka/failure.ts'
import type { Log } from '../types.ts'
import { createEnvelope, type Envelope } from './envelope.ts'
import type { SeamTarget } from './options.ts'

/** Where the vision processes of a site and its identity process meet. */
export interface SeamPlace {
  readonly kafka: Kafka
  readonly envelope: Envelope
  /** It has one partition, so that all records of the site are in one order. */
  readonly topic: string
  /** The consumer group of the identity process. */
  readonly group: string
  readonly options: SeamTarget
}

/** The place of a site. Connects to nothing. Throws SINK when a file of `tls` cannot be read. */
export const seamPlace = (site: string, options: SeamTarget, log: Log): SeamPlace => ({
  kafka: kafkaClient(options, log, {}, 'seam.kafka'),
  envelope: createEnvelope(site, options.sealingKey === null ? null : Buffer.from(options.sealingKey, 'base64')),
  topic: `${options.topicPrefix}faces.v1.${site}`,
  group: `${options.topicPrefix}identity.${site}`,
  options,
})

/**
 * Creates the topic when it is missing. Throws SINK, with the command that creates it, when `createTopics` is false or the broker
 * forbids it, and what kafkajs throws when the broker is away.
 */
export const ensureTopic = async ({ kafka, topic, options }: SeamPlace): Promise<void> => {
  const config = { 'cleanup.policy': 'delete', 'retention.ms': String(options.retentionMs) }
  const refused = (why: string, cause?: unknown): RollcallError => {
    const settings = Object.entries(config).map(([name, value]) => `--config ${name}=${value}`)
    return new RollcallError('SINK', `seam.kafka: there is no topic ${topic}, and ${why}`, {
      cause,
      remedy: `Create: kafka-topics.sh --create --topic ${topic} --partitions 1 ${settings.join(' ')}`,
    })
  }
  const admin = kafka.admin()
  try {
    await admin.connect()
    if ((await admin.listTopics()).includes(topic)) return
    if (!options.createTopics) throw refused('seam.kafka.createTopics is false')
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: 1,
          replicationFactor: options.replicationFactor ?? -1,
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        },
      ],
    })
  } catch (cause) {
    const errors = causes(cause).filter(isProtocolError)
    // Another process may have created it meanwhile.
    if (errors.some(({ type }) => type === 'TOPIC_ALREADY_EXISTS')) return
    const refusal = errors.find(({ retriable }) => !retriable)
    throw refusal ? refused(`the broker refuses to create it: ${refusal.message}`, cause) : cause
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/** All copies that are in sync have it. */
export const ALL_REPLICAS = -1

/** Faces are no longer than they have to be, and hardly get shorter. */
export const NO_COMPRESSION = kafkajs.CompressionTypes.None
