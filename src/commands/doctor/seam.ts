import type { Admin } from 'kafkajs'
import type { Config } from '../../config/config.ts'
import { redact } from '../../kafka/client.ts'
import { reasonOf } from '../../kafka/failure.ts'
import { wantedTopic } from '../../placement/topic.ts'
import { stateTopicName } from '../../seam/state/names.ts'
import { seamPlace } from '../../seam/topic.ts'
import { silent } from '../../silent-log.ts'
import type { Finding } from './finding.ts'

/** Whether vision and identity can meet: the brokers answer, the topics are as configured, and faces are sealed. */
export const checkSeam = async ({ site, seam }: Pick<Config, 'site' | 'seam'>): Promise<Finding[]> => {
  const { brokers } = seam.kafka
  if (brokers === null) return []
  const what = `seam ${brokers.join(', ')}`
  const target = { ...seam.kafka, brokers }
  const { kafka, topic } = seamPlace(site, target, silent)
  const admin = kafka.admin()
  try {
    await admin.connect()
    const there = await admin.listTopics()
    const wanted = wantedTopic({ site, ...target })
    const used = [
      topic,
      ...(seam.cameraSlots === null ? [] : [wanted]),
      ...(seam.stateTopic ? [stateTopicName(target, site)] : []),
    ]
    const absent = used.filter((each) => !there.includes(each)).join(', ')
    const reached: Finding =
      absent === ''
        ? { verdict: 'good', what, detail: 'answers, all topics are there' }
        : target.createTopics
          ? { verdict: 'good', what, detail: `answers; ${absent} will be created` }
          : { verdict: 'bad', what, detail: `no topic ${absent}`, fix: 'seam.kafka.createTopics: true, or create them' }
    const slots = seam.cameraSlots !== null && there.includes(wanted) ? await checkSlots(admin, wanted, seam) : []
    return [reached, ...slots, ...checkSeal(target)]
  } catch (error) {
    const fix = 'check seam.kafka.brokers, tls and sasl; no face comes to identity meanwhile'
    return [{ verdict: 'bad', what, detail: redact(target, reasonOf(error)), fix }]
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/** The topic was made with the slots of then. */
const checkSlots = async (admin: Admin, topic: string, { cameraSlots }: Config['seam']): Promise<Finding[]> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = topics[0]?.partitions.length
  if (partitions === cameraSlots) return []
  const detail = `${partitions} partitions, and seam.cameraSlots is ${cameraSlots}: the partitions count`
  const fix = `more: kafka-topics.sh --alter --topic ${topic} --partitions N, then start identity and vision again`
  return [{ verdict: 'poor', what: topic, detail, fix }]
}

const checkSeal = ({ sealingKey }: Config['seam']['kafka']): Finding[] =>
  sealingKey !== null
    ? []
    : [
        {
          verdict: 'poor',
          what: 'seam.kafka.sealingKey',
          detail: 'not set: who may read the topic can read embeddings of faces',
          fix: 'sealingKey: ${SEAM_KEY}, the same everywhere, from openssl rand -base64 32',
        },
      ]
