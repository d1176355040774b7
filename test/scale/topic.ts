import kafkajs, { type EachMessageHandler, type Kafka } from 'kafkajs'
import { makeTopics } from '../../src/kafka/topics.ts'
import { unpackRecord } from '../../src/seam/codec.ts'
import type { SeamTarget } from '../../src/seam/options.ts'
import type { SeamRecord } from '../../src/seam/record.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import { topicName } from '../../src/sinks/kafka/topics.ts'
import { silent } from '../site/site.ts'
import type { Accounts } from './accounts.ts'

/** Reads until it is closed. */
interface Reader {
  close(): Promise<void>
}

/** Reads everything that vision processes send, beside the identity process, and goes on while brokers come and go. */
export const readFaces = async (
  site: string,
  seam: SeamTarget,
  take: (offset: number, record: SeamRecord) => void,
): Promise<Reader> => {
  const { topic, envelope } = seamPlace(site, seam, silent)
  return follow(seam, [topic], async ({ message: { key, value, offset } }) =>
    take(Number(offset), unpackRecord(envelope, String(key), value)),
  )
}

/** Reads what is committed of the events about people, each record once. */
export const readEvents = async (seam: SeamTarget, accounts: Pick<Accounts, 'committed'>): Promise<Reader> => {
  const names = (['people', 'sightings'] as const).map((topic) => topicName(seam, topic))
  const admin = clientOf(seam).admin()
  await admin.connect()
  const plans = names.map((topic) => ({ topic, partitions: 1, settings: {} }))
  await makeTopics(admin, plans, { where: 'seam.kafka', createTopics: true, replicationFactor: seam.replicationFactor })
  await admin.disconnect()
  const next = new Map<string, number>()
  return follow(seam, names, async ({ topic, message: { headers, offset } }) => {
    if (Number(offset) < (next.get(topic) ?? 0)) return
    next.set(topic, Number(offset) + 1)
    accounts.committed(String(headers?.ce_id), `${topic} ${offset}`)
  })
}

const clientOf = ({ brokers }: SeamTarget): Kafka =>
  new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20 } })

/** Reads topics from their beginning, a partition each, and goes on while brokers come and go: a record may come again. */
const follow = async (seam: SeamTarget, topics: string[], eachMessage: EachMessageHandler): Promise<Reader> => {
  const consumer = clientOf(seam).consumer({
    groupId: `watching.${topics.join('.')}`,
    maxWaitTimeInMs: 200,
    retry: { retries: 20, restartOnFailure: async () => true },
  })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({ eachMessage })
  return { close: () => consumer.disconnect() }
}
