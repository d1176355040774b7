import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeDiskError } from '../../disk.ts'
import { inOrder } from '../../in-order.ts'
import { redact } from '../../kafka/client.ts'
import { reasonOf } from '../../kafka/failure.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log } from '../../types.ts'
import { appendLine } from '../append-line.ts'
import type { KafkaMessage } from './message.ts'
import type { KafkaTarget } from './options.ts'
import { topicName } from './topics.ts'

/** When the file is this large, refused frame events are counted and logged, but no longer kept. Others are always kept. */
const MAX_BYTES = 67_108_864

/**
 * Appends a message as one line of JSON: `reason`, `topic`, `key`, `headers`, and `value` as text. False when it is a frame event
 * and has no room. Rejects with what the file system says.
 */
const keepDeadLetter = async (path: string, message: KafkaMessage, reason: string): Promise<boolean> => {
  const line = JSON.stringify({ reason, ...message, value: message.value?.toString() ?? null })
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (message.topic === 'frames' && bytes + line.length > MAX_BYTES) return false
  await appendLine(path, line)
  return true
}

/** Where messages go that the broker will never accept. */
export interface SetAside {
  /** Counts, logs and keeps a message. False when it must be kept and cannot be now. Never rejects. */
  readonly keep: (message: KafkaMessage, error: unknown) => Promise<boolean>
  /** Why a message that must be kept could not be; undefined once one is kept again. */
  readonly failure: () => string | undefined
}

/**
 * Keeps refused messages in `dead-letters.jsonl` of the spool's directory. A frame event that has no room there is given up;
 * any other is not, and holds up its lane until it can be written.
 */
export const createSetAside = (
  options: KafkaTarget,
  { metrics, log }: { readonly metrics: Pick<Metrics, 'kafka'>; readonly log: Log },
): SetAside => {
  const path = join(options.spool.directory, 'dead-letters.jsonl')
  let failure: string | undefined
  /** Both lanes write the file. */
  const inTurn = inOrder()
  return {
    failure: () => failure,
    keep: async (message, error) => {
      const reason = redact(options, reasonOf(error))
      const fields = { topic: topicName(options, message.topic), id: message.headers.ce_id ?? null, reason }
      let problem: string | undefined
      const kept = await inTurn(() => keepDeadLetter(path, message, reason)).catch((cause: unknown) => {
        problem = `${path}: ${describeDiskError(cause)}`
        return false
      })
      if (problem !== undefined && message.topic !== 'frames') {
        if (failure === undefined)
          log.error(
            { ...fields, error: problem },
            'kafka refuses an event for good, and it cannot be set aside; it waits',
          )
        failure = `an event that kafka refuses cannot be set aside: ${problem}`
        return false
      }
      // A frame that is given up says nothing about whether others can be kept now.
      if (kept) failure = undefined
      metrics.kafka.refused.inc({ topic: message.topic })
      if (kept) log.error({ ...fields, file: path }, 'kafka refuses an event for good; it is set aside')
      else log.error({ ...fields, error: problem ?? `${path}: it is full` }, 'kafka refuses a frame; it is given up')
      return true
    },
  }
}
