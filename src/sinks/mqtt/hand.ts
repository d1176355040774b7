import { type IsDeleted, isAboutDeleted } from '../about-deleted.ts'
import type { Journal } from '../spool/journal.ts'
import type { JournalRecord } from '../spool/record.ts'
import type { Connection } from './connection.ts'
import type { MqttMessage } from './live.ts'
import { decodeMessage } from './message.ts'

/** What is read from a journal and not acknowledged by the broker. */
export interface Hand {
  /** False when there is something to send. Reads when there was nothing; rejects when the journal cannot be read. */
  isEmpty(): Promise<boolean>
  /** Sends as many as may be under way. Never rejects. */
  send(to: Pick<Connection, 'publish'>): Promise<Sent>
  /** The connection has ended. One by one shows which message ends it, and repeats no others. */
  suspect(): void
}

/** What the broker has taken, from the first on. */
export interface Sent {
  /** The number of the last record that is dealt with; null for none. */
  readonly last: number | null
  readonly messages: number
  /** Why the next one is not taken; null when all are. */
  readonly error: unknown
}

/** On their way at once: enough for thousands a second, few enough that a lost connection repeats few. */
const BATCH = 64
const BATCH_BYTES = 1_048_576

/** Empty at first. What is about somebody who was deleted since is dealt with without being sent. */
export const createHand = (journal: Pick<Journal, 'read'>, isDeleted: IsDeleted): Hand => {
  let records: readonly JournalRecord[] = []
  let areSuspect = false
  return {
    isEmpty: async () => {
      if (records.length > 0) return false
      records = await journal.read(BATCH, BATCH_BYTES)
      areSuspect = false
      return records.length === 0
    },
    send: async (to) => {
      const messages = (areSuspect ? records.slice(0, 1) : records).map((record) => messageOf(record, isDeleted))
      const sent = await Promise.allSettled(
        messages.map(async (message) => message && (await to.publish(message, false))),
      )
      const failed = sent.findIndex(({ status }) => status === 'rejected')
      const done = failed < 0 ? messages.length : failed
      const last = records[done - 1]?.number ?? null
      records = records.slice(done)
      return {
        last,
        messages: messages.slice(0, done).filter((message) => message !== null).length,
        error: (sent[failed] as PromiseRejectedResult | undefined)?.reason ?? null,
      }
    },
    suspect: () => {
      areSuspect = true
    },
  }
}

/** Null for what is about somebody who was deleted since. */
const messageOf = ({ payload }: JournalRecord, isDeleted: IsDeleted): MqttMessage | null => {
  const message = decodeMessage(payload)
  return isAboutDeleted(Buffer.from(message.payload), isDeleted) ? null : message
}
