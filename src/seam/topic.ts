import kafkajs, { type Kafka } from 'kafkajs'
import { kafkaClient } from '../kafka/client.ts'
import { makeTopics } from '../kafka/topics.ts'
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

/** Makes the topic when it is missing. Throws as `makeTopics` does. */
export const ensureTopic = async ({ kafka, topic, options }: SeamPlace): Promise<void> => {
  const settings = { 'cleanup.policy': 'delete', 'retention.ms': String(options.retentionMs) }
  const admin = kafka.admin()
  try {
    await admin.connect()
    await makeTopics(admin, [{ topic, partitions: 1, settings }], { ...options, where: 'seam.kafka' })
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/** Faces are no longer than they have to be, and hardly get shorter. */
export const NO_COMPRESSION = kafkajs.CompressionTypes.None
