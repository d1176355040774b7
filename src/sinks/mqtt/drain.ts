import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../types.ts'
import type { IsDeleted } from '../about-deleted.ts'
import type { Drain } from '../spooled-sink.ts'
import type { Connection } from './connection.ts'
import { createHand } from './hand.ts'
import { createHealth } from './health.ts'
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

const GOODBYE_MS = 500

/**
 * Connects, and publishes what is retained and what waits, in order. What a lost connection has not acknowledged is published
 * again by the next one, from the first such message on.
 */
export const createMqttDrain = (parts: MqttDrainParts): MqttDrain => {
  const { mirror, status } = parts
  const health = createHealth(parts.log)
  let connection: Connection | null = null
  let isDirty = true
  const waker = createWaker()

  const open = async (): Promise<Connection> => {
    const opened = await parts.connect()
    void opened.ended.then(waker.wake)
    health.opened()
    mirror.forget()
    isDirty = true
    connection = opened
    await opened.publish({ topic: status.topic, payload: status.here }, true)
    parts.onConnected(true)
    return opened
  }
  const lost = async (error: unknown): Promise<void> => {
    await connection?.close()
    connection = null
    parts.onConnected(false)
    health.lost(error)
  }

  return {
    absence: health.absence,
    changed: () => {
      isDirty = true
      waker.wake()
    },
    run: async (journal, acknowledge, signal) => {
      const hand = createHand(journal, parts.isDeleted)
      signal.addEventListener('abort', waker.wake, { once: true })
      while (!signal.aborted) {
        const isIdle = await hand.isEmpty()
        try {
          connection ??= await open()
          if (isDirty) {
            isDirty = false
            await mirror.update(connection)
          }
          const { last, messages, error } = await hand.send(connection)
          parts.onSent(messages)
          if (last !== null) await acknowledge(last)
          if (error !== null) throw error
          health.taken()
        } catch (error) {
          if (signal.aborted) break
          hand.suspect()
          await lost(error)
          await sleep(health.retryMs(), undefined, { signal }).catch(() => undefined)
          continue
        }
        if (isIdle) await waker.sleep(journal.readable())
        if (connection.error()) await lost(connection.error())
      }
    },
    close: async () => {
      if (connection) await sayGoodbye(connection, status)
      connection = null
    },
  }
}

/** A will is for what nobody has planned. A broker that acknowledges nothing is not waited for. */
const sayGoodbye = async (connection: Connection, { topic, gone }: MqttDrainParts['status']): Promise<void> => {
  const told = connection.publish({ topic, payload: gone }, true).catch(() => undefined)
  await Promise.race([told, sleep(GOODBYE_MS, undefined, { ref: false })])
  await connection.close()
}

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
