import kafkajs, { type Admin } from 'kafkajs'
import { RollcallError } from '../errors.ts'
import { causes, isProtocolError } from '../sinks/kafka/failure.ts'
import type { Log } from '../types.ts'

/** Which site's cameras are placed, and what its topic and groups are called. */
export interface PlacementNames {
  readonly topicPrefix: string
  readonly site: string
}

/** The topic of wanted cameras, and how it is made when it is missing. */
export interface WantedTopic extends PlacementNames {
  /** Its partitions: as many cameras can be wanted. */
  readonly slots: number
  /** Whether it may be made here. */
  readonly createTopics: boolean
  /** Null: the broker's default. */
  readonly replicationFactor: number | null
}

/** `rollcall.cameras.wanted.v1.SITE`: a partition for each slot. */
export const wantedTopic = ({ topicPrefix, site }: PlacementNames): string => `${topicPrefix}cameras.wanted.v1.${site}`

/** The consumer group of the site's workers. */
export const workersGroup = ({ topicPrefix, site }: PlacementNames): string => `${topicPrefix}vision.${site}`

/** How the topic is made: of each camera the last record stays for ever, old ones go within minutes. */
const settings = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'segment.ms', value: '600000' },
  { name: 'min.cleanable.dirty.ratio', value: '0.1' },
]

/**
 * Makes the topic when it is missing. Throws SINK, with the command that makes it, when `createTopics` is false or the broker forbids
 * it; and when the topic is there and not compacted, because it would forget cameras.
 */
export const ensureWantedTopic = async (
  admin: Admin,
  { slots, createTopics, replicationFactor, ...names }: WantedTopic,
  log: Log,
): Promise<void> => {
  const topic = wantedTopic(names)
  const configs = settings.map(({ name, value }) => `--config ${name}=${value}`).join(' ')
  const command = `kafka-topics.sh --create --topic ${topic} --partitions ${slots} ${configs}`
  const refuse = (why: string, remedy: string): RollcallError =>
    new RollcallError('SINK', `topic ${topic}: ${why}`, { remedy })
  const isThere = (await admin.listTopics()).includes(topic)
  if (!isThere) {
    if (!createTopics) throw refuse('it is not there, and seam.kafka.createTopics is false', `Create it: ${command}`)
    try {
      const isNew = await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: slots, replicationFactor: replicationFactor ?? -1, configEntries: settings }],
      })
      if (isNew) log.info({ topic, slots }, 'topic of wanted cameras created')
    } catch (error) {
      const refusal = causes(error)
        .filter(isProtocolError)
        .find(({ type, retriable }) => !retriable && type !== 'TOPIC_ALREADY_EXISTS')
      if (refusal === undefined) throw error
      throw refuse(`the broker refuses to create it: ${refusal.message}`, `Create it: ${command}`)
    }
  }
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }
  // Whoever may not read settings is not stopped by that.
  const found = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] }).catch(() => null)
  const policy = found?.resources[0]?.configEntries[0]?.configValue
  if (policy !== undefined && policy !== 'compact')
    throw refuse(
      `cleanup.policy is ${policy}, expected compact`,
      `Change it with kafka-configs.sh --alter --add-config cleanup.policy=compact.`,
    )
}
