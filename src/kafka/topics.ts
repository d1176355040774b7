import kafkajs, { type Admin } from 'kafkajs'
import { RollcallError } from '../errors.ts'
import { causes, isProtocolError } from './failure.ts'
import type { Connection } from './options.ts'
import { patiently } from './patiently.ts'

/** A topic that has to be there, and how it is made. */
export interface TopicPlan {
  readonly topic: string
  /** Null: the broker's num.partitions. */
  readonly partitions: number | null
  /** Settings of the topic, by their names in Kafka. */
  readonly settings: Readonly<Record<string, string>>
}

/** Who makes topics: where that stands in the configuration, and what it says about them. */
export interface TopicMaker extends Pick<Connection, 'createTopics' | 'replicationFactor'> {
  readonly where: 'seam.kafka' | 'sinks.kafka'
}

/** Those of the topics that the cluster lacks. Rejects with what kafkajs throws. */
export const absentTopics = async <Plan extends Pick<TopicPlan, 'topic'>>(
  admin: Admin,
  plans: readonly Plan[],
): Promise<readonly Plan[]> => {
  const there = new Set(await admin.listTopics())
  return plans.filter(({ topic }) => !there.has(topic))
}

/**
 * Creates the topics that are missing, and resolves to these. Throws SINK, with the commands that create them, when `createTopics`
 * is false or the broker forbids it, and what kafkajs throws when the broker is away.
 */
export const makeTopics = async (
  admin: Admin,
  plans: readonly TopicPlan[],
  { where, createTopics, replicationFactor }: TopicMaker,
): Promise<readonly TopicPlan[]> => {
  const absent = await absentTopics(admin, plans)
  if (absent.length === 0) return []
  if (!createTopics) throw missing(absent, where, `${where}.createTopics is false`)
  try {
    await admin.createTopics({
      waitForLeaders: false,
      topics: absent.map(({ topic, partitions, settings }) => ({
        topic,
        numPartitions: partitions ?? -1,
        replicationFactor: replicationFactor ?? -1,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      })),
    })
  } catch (cause) {
    const errors = causes(cause).filter(isProtocolError)
    // Another process may have created it meanwhile.
    const refusal = errors.find(({ type, retriable }) => !retriable && type !== 'TOPIC_ALREADY_EXISTS')
    if (refusal) throw missing(absent, where, `the broker refuses to create it: ${refusal.message}`, cause)
    if (errors.every(({ type }) => type !== 'TOPIC_ALREADY_EXISTS')) throw cause
  }
  // The waiting of kafkajs rejects when the broker that it asks has not heard of the topic yet.
  await patiently(() => admin.fetchTopicMetadata({ topics: absent.map(({ topic }) => topic) }))
  return absent
}

/** `cleanup.policy` of a topic; null where the broker does not let us read it. */
export const policyOf = async (admin: Admin, topic: string): Promise<string | null> => {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }
  const found = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] }).catch(() => null)
  return found?.resources[0]?.configEntries[0]?.configValue ?? null
}

/** Throws SINK when a topic that must keep the last record of each key is not compacted. */
export const requireCompacted = async (admin: Admin, topic: string): Promise<void> => {
  const policy = await policyOf(admin, topic)
  if (policy === null || policy === 'compact') return
  throw new RollcallError('SINK', `topic ${topic}: cleanup.policy is ${policy}, expected compact`, {
    remedy: 'Change it with kafka-configs.sh --alter --add-config cleanup.policy=compact.',
  })
}

const missing = (absent: readonly TopicPlan[], where: string, why: string, cause?: unknown): RollcallError => {
  const names = absent.map(({ topic }) => topic).join(', ')
  return new RollcallError('SINK', `${where}: there is no topic ${names}, and ${why}`, {
    cause,
    remedy: `Create: ${absent.map(commandFor).join('; ')}`,
  })
}

const commandFor = ({ topic, partitions, settings }: TopicPlan): string =>
  [
    `kafka-topics.sh --create --topic ${topic}`,
    ...(partitions === null ? [] : [`--partitions ${partitions}`]),
    ...Object.entries(settings).map(([name, value]) => `--config ${name}=${value}`),
  ].join(' ')
