import type { Config } from '../../config/config.ts'
import type { Topic } from '../../events/types.ts'
import { kafkaClient, redact } from '../../kafka/client.ts'
import { reasonOf } from '../../kafka/failure.ts'
import { absentTopics } from '../../kafka/topics.ts'
import { silent } from '../../silent-log.ts'
import { isConfigured } from '../../sinks/kafka/options.ts'
import { eventTopics } from '../../sinks/kafka/topics.ts'
import type { Finding } from './finding.ts'

/** Whether the brokers answer and the topics exist. */
export const checkKafka = async ({ sinks, rules }: Pick<Config, 'sinks' | 'rules'>): Promise<Finding[]> => {
  const options = sinks.kafka
  if (!isConfigured(options)) return []
  const what = `kafka ${options.brokers.join(', ')}`
  const admin = kafkaClient(options, silent).admin()
  try {
    await admin.connect()
    const isUsed = (topic: Topic): boolean => topic !== 'rules' || Object.keys(rules).length > 0
    const absent = await absentTopics(admin, eventTopics(options, isUsed))
    if (absent.length === 0) return [{ verdict: 'good', what, detail: 'answers, all topics are there' }]
    const names = absent.map(({ topic }) => topic).join(', ')
    return options.createTopics
      ? [{ verdict: 'good', what, detail: `answers; ${names} will be created` }]
      : [{ verdict: 'bad', what, detail: `no topic ${names}`, fix: 'sinks.kafka.createTopics: true, or create them' }]
  } catch (error) {
    const detail = redact(options, reasonOf(error))
    return [
      { verdict: 'bad', what, detail, fix: 'check sinks.kafka.brokers, tls and sasl; events wait on disk meanwhile' },
    ]
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
