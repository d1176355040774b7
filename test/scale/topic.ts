import kafkajs from 'kafkajs'
import { unpackRecord } from '../../src/seam/codec.ts'
import type { SeamTarget } from '../../src/seam/options.ts'
import type { SeamRecord } from '../../src/seam/record.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import { silent } from '../site/site.ts'

/** Reads everything that vision processes send, beside the identity process, and goes on while brokers come and go. */
export const readFaces = async (
  site: string,
  seam: SeamTarget,
  take: (offset: number, record: SeamRecord) => void,
): Promise<{ close(): Promise<void> }> => {
  const { topic, envelope } = seamPlace(site, seam, silent)
  const kafka = new kafkajs.Kafka({ brokers: seam.brokers, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20 } })
  const consumer = kafka.consumer({
    groupId: `watching.${topic}`,
    maxWaitTimeInMs: 200,
    retry: { retries: 20, restartOnFailure: async () => true },
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message: { key, value, offset } }) =>
      take(Number(offset), unpackRecord(envelope, String(key), value)),
  })
  return { close: () => consumer.disconnect() }
}
