import { kafkaClient } from '../../kafka/client.ts'
import { makeTopics, requireCompacted } from '../../kafka/topics.ts'
import type { Log } from '../../types.ts'
import { createEnvelope } from '../envelope.ts'
import type { SeamTarget } from '../options.ts'
import type { SeamPlace } from '../topic.ts'
import { stateTopicName } from './names.ts'
import { type StateCodec, stateCodec } from './record.ts'

/** The topic that has the people of a site. */
export interface StatePlace extends Pick<SeamPlace, 'kafka' | 'options'> {
  /** It has one partition: all commits are in one order. */
  readonly topic: string
  /** Whoever writes under it fences whoever did before. */
  readonly transactionalId: string
  readonly codec: StateCodec
}

/** A transaction is refused while the markers of the one before are written, and a claim while that one is undone. */
const retry = { retries: 14, initialRetryTime: 5, maxRetryTime: 1000 }

/** The place of a site; `schema` is the version of its database's schema. Throws SINK when a file of `tls` cannot be read. */
export const statePlace = (site: string, options: SeamTarget, schema: number, log: Log): StatePlace => {
  const key = options.sealingKey === null ? null : Buffer.from(options.sealingKey, 'base64')
  return {
    kafka: kafkaClient(options, log, { retry }, 'seam.kafka'),
    options,
    topic: stateTopicName(options, site),
    transactionalId: `${options.topicPrefix}identity.${site}`,
    codec: stateCodec(createEnvelope(site, key, 'rollcall.state.v1'), schema),
  }
}

/** For so long a reader that was away still learns of what was deleted meanwhile: then it begins anew. */
export const TOMBSTONES_STAY_MS = 86_400_000

/** What was deleted is out of the topic within two of these: when its segment ends, and has been cleaned. */
const SEGMENT_MS = 3_600_000

const settings = {
  'cleanup.policy': 'compact',
  'segment.ms': String(SEGMENT_MS),
  'max.compaction.lag.ms': String(SEGMENT_MS),
  'min.cleanable.dirty.ratio': '0.1',
  'delete.retention.ms': String(TOMBSTONES_STAY_MS),
}

/** Makes the topic when it is missing. Throws as `makeTopics` does, and SINK when it is not compacted. */
export const ensureStateTopic = async ({ kafka, topic, options }: StatePlace): Promise<void> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    await makeTopics(admin, [{ topic, partitions: 1, settings }], { ...options, where: 'seam.kafka' })
    await requireCompacted(admin, topic)
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
