import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { RollcallError } from '../../errors.ts'
import type { Topic } from '../../events/types.ts'
import type { Log } from '../../types.ts'
import { topicName, topics } from './client.ts'
import { causes, isProtocolError } from './failure.ts'
import type { KafkaOptions } from './options.ts'

/** People are state, so the broker keeps the last event of each person for ever. Other topics are deleted by age. */
export const policyOf = (topic: Topic): 'compact' | 'delete' => (topic === 'people' ? 'compact' : 'delete')

const commandFor = (options: KafkaOptions, topic: Topic): string =>
  `kafka-topics.sh --create --topic ${topicName(options, topic)} --config cleanup.policy=${policyOf(topic)}`

const missing = (options: KafkaOptions, absent: readonly Topic[], why: string): RollcallError =>
  new RollcallError(
    'SINK',
    `sinks.kafka: there is no topic ${absent.map((topic) => topicName(options, topic)).join(', ')}, and ${why}`,
    { remedy: `Create: ${absent.map((topic) => commandFor(options, topic)).join('; ')}` },
  )

/** The topics that the cluster lacks. Rejects with what kafkajs throws. */
export const absentTopics = async (admin: Admin, options: KafkaOptions): Promise<readonly Topic[]> => {
  const there = new Set(await admin.listTopics())
  return topics.filter((topic) => !there.has(topicName(options, topic)))
}

/** Whether the topic `people` is compacted. Null when the broker does not let us read its configuration. */
const isCompacted = async (admin: Admin, options: KafkaOptions): Promise<boolean | null> => {
  const name = topicName(options, 'people')
  const type = kafkajs.ConfigResourceTypes.TOPIC
  const found = await admin
    .describeConfigs({ includeSynonyms: false, resources: [{ type, name, configNames: ['cleanup.policy'] }] })
    .catch(() => null)
  const value = found?.resources[0]?.configEntries[0]?.configValue
  return value === undefined ? null : value.includes('compact')
}

/**
 * Creates the topics that are missing; all that are used exist when this resolves. Throws SINK, with the commands that create
 * them, when `createTopics` is false or the broker forbids it. Throws what kafkajs throws when the broker is away.
 */
export const ensureTopics = async (
  kafka: Kafka,
  options: KafkaOptions,
  log: Log,
  isUsed: (topic: Topic) => boolean,
): Promise<void> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const absent = await absentTopics(admin, options)
    const needed = absent.filter(isUsed)
    if (!options.createTopics && needed.length > 0) throw missing(options, needed, 'sinks.kafka.createTopics is false')
    if (options.createTopics && absent.length > 0) await createAll(admin, options, { absent, needed, log })
    if ((await isCompacted(admin, options)) === false)
      log.warn(
        { topic: topicName(options, 'people') },
        'kafka topic of people is not compacted: consumers that start later do not learn of everybody; set cleanup.policy=compact',
      )
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

interface Absent {
  readonly absent: readonly Topic[]
  /** Those of them without which events would have to wait. */
  readonly needed: readonly Topic[]
  readonly log: Log
}

const createAll = async (admin: Admin, options: KafkaOptions, { absent, needed, log }: Absent): Promise<void> => {
  try {
    await create(admin, options, absent)
    log.info({ topics: absent.map((topic) => topicName(options, topic)) }, 'kafka topics created')
  } catch (error) {
    if (needed.length > 0) throw error
  }
}

const create = async (admin: Admin, options: KafkaOptions, absent: readonly Topic[]): Promise<void> => {
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: absent.map((topic) => ({
        topic: topicName(options, topic),
        numPartitions: options.partitions ?? -1,
        replicationFactor: options.replicationFactor ?? -1,
        configEntries: [{ name: 'cleanup.policy', value: policyOf(topic) }],
      })),
    })
  } catch (cause) {
    const errors = causes(cause).filter(isProtocolError)
    // Another Rollcall may have created it meanwhile.
    const refusal = errors.find(({ type, retriable }) => !retriable && type !== 'TOPIC_ALREADY_EXISTS')
    if (refusal) throw missing(options, absent, `the broker refuses to create it: ${refusal.message}`)
    if (errors.length === 0) throw cause
  }
}
