import { appendFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metrics } from '../../metrics.ts'
import type { Log } from '../../types.ts'
import { redact, topicName } from './client.ts'
import { reasonOf } from './failure.ts'
import type { KafkaMessage } from './message.ts'
import type { KafkaTarget } from './options.ts'

/** When the file is this large, refused messages are counted and logged, but no longer kept. */
const MAX_BYTES = 67_108_864

/**
 * Keeps a message as one line of JSON: `reason`, `topic`, `key`, `headers`, and `value` as text. False when it has no
 * room.
 */
export const keepDeadLetter = async (path: string, message: KafkaMessage, reason: string): Promise<boolean> => {
  const line = `${JSON.stringify({ reason, ...message, value: message.value?.toString() ?? null })}\n`
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (bytes + line.length > MAX_BYTES) return false
  await appendFile(path, line, { mode: 0o600 })
  return true
}

/**
 * Makes the function that takes a message the broker will never accept. It counts and logs the message, and keeps it in
 * `dead-letters.jsonl` of the spool's directory when that can be written. It never rejects.
 */
export const createSetAside =
  (options: KafkaTarget, { metrics, log }: { readonly metrics: Pick<Metrics, 'kafka'>; readonly log: Log }) =>
  async (message: KafkaMessage, error: unknown): Promise<void> => {
    const path = join(options.spool.directory, 'dead-letters.jsonl')
    const reason = redact(options, reasonOf(error))
    metrics.kafka.refused.inc({ topic: message.topic })
    const kept = await keepDeadLetter(path, message, reason).catch(() => false)
    const fields = { topic: topicName(options, message.topic), id: message.headers.ce_id ?? null, reason }
    log.error({ ...fields, file: kept ? path : null }, 'kafka refuses an event for good; it is set aside')
  }
