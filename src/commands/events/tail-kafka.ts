import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import { RollcallError } from '../../errors.ts'
import type { Topic } from '../../events/types.ts'
import { reasonOf } from '../../kafka/failure.ts'
import type { KafkaOptions } from '../../sinks/kafka/options.ts'
import { topicName } from '../../sinks/kafka/topics.ts'

/** What is printed, and until when. */
export interface TailOptions {
  readonly topics: readonly Topic[]
  readonly print: (line: string) => Promise<void>
  /** Aborting it ends the printing. */
  readonly signal: AbortSignal
}

/**
 * Prints the records of the topics as structured CloudEvents, and a tombstone as `{"tombstone": KEY}`. Throws SINK when the broker
 * cannot be reached or a topic is missing.
 */
export const tailKafka = async (
  kafka: Kafka,
  options: KafkaOptions,
  { topics, fromBeginning, print, signal }: TailOptions & { readonly fromBeginning: boolean },
): Promise<void> => {
  const consumer = kafka.consumer({ groupId: `rollcall-tail-${randomUUID()}` })
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  try {
    await consumer.connect()
    await consumer.subscribe({
      topics: await thereOf(
        kafka,
        topics.map((topic) => topicName(options, topic)),
      ),
      fromBeginning,
    })
    await consumer.run({
      eachMessage: async ({ message }) => {
        if (message.value === null) return print(JSON.stringify({ tombstone: String(message.key) }))
        const attributes = Object.entries(message.headers ?? {}).map(([name, value]) => [
          name === 'content-type' ? 'datacontenttype' : name.replace(/^ce_/, ''),
          String(value),
        ])
        return print(JSON.stringify({ ...Object.fromEntries(attributes), data: JSON.parse(String(message.value)) }))
      },
    })
    await aborted
  } catch (cause) {
    throw new RollcallError('SINK', `kafka ${options.brokers?.join(', ')}: ${reasonOf(cause)}`, {
      cause,
      remedy: 'Check the address, and that Rollcall has published there: it creates the topics.',
    })
  } finally {
    await consumer.disconnect().catch(() => undefined)
  }
}

/** Those of the topics that there are: without rules nobody has made theirs. All of them when there is none. */
const thereOf = async (kafka: Kafka, names: readonly string[]): Promise<string[]> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const there = new Set(await admin.listTopics())
    return names.some((name) => there.has(name)) ? names.filter((name) => there.has(name)) : [...names]
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
