import type { Kafka } from 'kafkajs'
import type { Topic } from '../../events/types.ts'
import { makeTopics, policyOf, type TopicPlan } from '../../kafka/topics.ts'
import type { Log } from '../../types.ts'
import type { KafkaOptions } from './options.ts'

/** All topics, in the order in which they are created and listed. */
export const topics: readonly Topic[] = ['frames', 'sightings', 'people', 'cameras', 'rules']

/** `rollcall.people.v1`: prefix, topic, and the version of the data. */
export const topicName = ({ topicPrefix }: Pick<KafkaOptions, 'topicPrefix'>, topic: Topic): string =>
  `${topicPrefix}${topic}.v1`

/** People are state, so the broker keeps the last event of each person for ever. Other topics are deleted by age. */
export const cleanupOf = (topic: Topic): 'compact' | 'delete' => (topic === 'people' ? 'compact' : 'delete')

/** How the topics of events are made, of those that are used. */
export const eventTopics = (options: KafkaOptions, isUsed: (topic: Topic) => boolean): readonly TopicPlan[] =>
  topics.filter(isUsed).map((topic) => ({
    topic: topicName(options, topic),
    partitions: options.partitions,
    settings: { 'cleanup.policy': cleanupOf(topic) },
  }))

/**
 * Creates the topics that are missing; all that are used exist when this resolves. Throws SINK, with the commands that create
 * them, when `createTopics` is false or the broker forbids it. Throws what kafkajs throws when the broker is away. Resolves to
 * whether the topic of people keeps the last event of each, as far as the broker lets us know; it is logged when it does not,
 * unless `isKnown`.
 */
export const ensureTopics = async (
  kafka: Kafka,
  options: KafkaOptions,
  log: Log,
  isUsed: (topic: Topic) => boolean,
  isKnown = false,
): Promise<boolean> => {
  const admin = kafka.admin()
  const maker = { ...options, where: 'sinks.kafka' as const }
  try {
    await admin.connect()
    const used = await makeTopics(admin, eventTopics(options, isUsed), maker)
    // Who may not create topics is not stopped by what does not come.
    const others = eventTopics(options, (topic) => options.createTopics && !isUsed(topic))
    const made = [...used, ...(await makeTopics(admin, others, maker).catch(() => []))]
    if (made.length > 0) log.info({ topics: made.map(({ topic }) => topic) }, 'kafka topics created')
    const people = topicName(options, 'people')
    const isCompacted = (await policyOf(admin, people))?.includes('compact') !== false
    if (!isCompacted && !isKnown)
      log.warn(
        { topic: people },
        'kafka topic of people is not compacted: consumers that start later do not learn of everybody; set cleanup.policy=compact',
      )
    return isCompacted
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
