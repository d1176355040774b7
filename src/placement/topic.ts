import type { Admin } from 'kafkajs'
import { makeTopics, requireCompacted } from '../kafka/topics.ts'
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

/** Of each camera the last record stays for ever, old ones go within minutes. */
const settings = { 'cleanup.policy': 'compact', 'segment.ms': '600000', 'min.cleanable.dirty.ratio': '0.1' }

/**
 * Makes the topic when it is missing. Throws as `makeTopics` does, and SINK when the topic is there and not compacted, because it would
 * forget cameras.
 */
export const ensureWantedTopic = async (admin: Admin, { slots, ...wanted }: WantedTopic, log: Log): Promise<void> => {
  const topic = wantedTopic(wanted)
  const made = await makeTopics(admin, [{ topic, partitions: slots, settings }], { ...wanted, where: 'seam.kafka' })
  if (made.length > 0) log.info({ topic, slots }, 'topic of wanted cameras created')
  await requireCompacted(admin, topic)
}
