import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../types.ts'
import { type IsDeleted, isAboutDeleted } from '../about-deleted.ts'
import type { JournalRecord } from '../spool/record.ts'
import type { Drain } from '../spooled-sink.ts'
import type { Connection } from './connection.ts'
import type { MqttMessage } from './live.ts'
import { decodeMessage } from './message.ts'
import type { Mirror } from './mirror.ts'

/** What the drain to a broker works with. */
export interface MqttDrainParts {
  readonly connect: () => Promise<Connection>
  readonly mirror: Mirror
  /** What waits about them is not published any more. */
  readonly isDeleted: IsDeleted
  /** Published, retained, once connected and before an orderly end. */
  readonly status: { readonly topic: string; readonly here: string; readonly gone: string }
  readonly onSent: (messages: number) => void
  readonly onConnected: (isConnected: boolean) => void
  readonly log: Log
}

/** A drain that says how the broker does. */
export interface MqttDrain extends Drain {
  /** Why the broker takes nothing now; null while it does, and before the first attempt. */
  absence(): string | null
  /** Something may have changed that is retained. */
  readonly changed: () => void
}

/** On their way at once: enough for thousands a second, few enough that a lost connection repeats few. */
const BATCH = 64
const BATCH_BYTES = 1_048_576
const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 10_000

/**
 * Connects, and publishes what is retained and what waits, in order. What a lost connection has not acknowledged is published
 * again by the next one, from the first such message on.
 */
export const createMqttDrain = (parts: MqttDrainParts): MqttDrain => {
  const { mirror, status, log } = parts
  let absence: string | null = null
  let connection: Connection | null = null
  let failures = 0
  let isDirty = true
  const waker = createWaker()

  const open = async (): Promise<Connection> => {
    const opened = await parts.connect()
    void opened.ended.then(waker.wake)
    mirror.forget()
    isDirty = true
    await opened.publish({ topic: status.topic, payload: status.here }, true)
    if (absence !== null || failures > 0) log.info({}, 'mqtt takes events again')
    failures = 0
    absence = null
    parts.onConnected(true)
    return opened
  }
  const lost = async (error: unknown): Promise<void> => {
    await connection?.close()
    connection = null
    parts.onConnected(false)
    const reason = error instanceof Error ? error.message || error.name : String(error)
    if (absence === null) log.warn({ error: reason }, 'mqtt takes no events; they wait on disk')
    absence = reason
    failures++
  }
  const send = async (to: Connection, records: readonly JournalRecord[]): Promise<void> => {
    const messages = messagesOf(records, parts.isDeleted)
    await Promise.all(messages.map((message) => to.publish(message, false)))
    parts.onSent(messages.length)
  }

  return {
    absence: () => absence,
    changed: () => {
      isDirty = true
      waker.wake()
    },
    run: async (journal, acknowledge, signal) => {
      /** Read from the journal and not acknowledged by the broker. */
      let records: readonly JournalRecord[] = []
      signal.addEventListener('abort', waker.wake, { once: true })
      while (!signal.aborted) {
        if (records.length === 0) records = await journal.read(BATCH, BATCH_BYTES)
        try {
          connection ??= await open()
          if (isDirty) {
            isDirty = false
            await mirror.update(connection)
          }
          await send(connection, records)
        } catch (error) {
          await lost(error)
          await sleep(retryAfter(failures), undefined, { signal }).catch(() => undefined)
          continue
        }
        const last = records.at(-1)
        records = []
        if (last) await acknowledge(last.number)
        else await waker.sleep(journal.readable())
        if (connection.error()) await lost(connection.error())
      }
    },
    close: async () => {
      // A will is for what nobody has planned.
      await connection?.publish({ topic: status.topic, payload: status.gone }, true).catch(() => undefined)
      await connection?.close()
      connection = null
    },
  }
}

const retryAfter = (failures: number): number =>
  Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10))

/** What is to be published: nothing about somebody who was deleted since. */
const messagesOf = (records: readonly JournalRecord[], isDeleted: IsDeleted): readonly MqttMessage[] =>
  records
    .map(({ payload }) => decodeMessage(payload))
    .filter(({ payload }) => !isAboutDeleted(Buffer.from(payload), isDeleted))

/** A sleep that `wake` ends, also one that begins later. No promise of long life is waited for again and again. */
const createWaker = () => {
  let woken = Promise.withResolvers<void>()
  return {
    wake: (): void => woken.resolve(),
    sleep: async (other: Promise<void>): Promise<void> => {
      await Promise.race([woken.promise, other])
      woken = Promise.withResolvers()
    },
  }
}
