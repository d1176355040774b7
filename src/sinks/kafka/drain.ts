import { setTimeout as sleep } from 'node:timers/promises'
import type { Time } from '../../types.ts'
import type { Journal } from '../spool/journal.ts'
import { type Failure, failureOf } from './failure.ts'
import type { Link } from './link.ts'
import { decodeMessage, type KafkaMessage } from './message.ts'
import type { KafkaOptions } from './options.ts'

export interface DrainDeps {
  readonly link: Link
  /** Called before the first batch and after every failure but a refusal: resolves when topics are there. */
  readonly prepare: () => Promise<void>
  readonly acknowledge: (number: number) => Promise<void>
  /** `isTimed` is false for records without a time. */
  readonly onSent: (messages: readonly KafkaMessage[], seconds: number, isTimed: boolean) => void
  readonly onFailure: (failure: Failure, error: unknown) => void
  /** The broker will never take this message; once this resolves it is out of the way. */
  readonly setAside: (message: KafkaMessage, error: unknown) => Promise<void>
  /** The records' time. */
  readonly time: Time
}

const FIRST_RETRY_MS = 100
/** After so many failed requests with the same batch the producer itself is suspected. */
const RENEW_AFTER = 3
/** A broker that does not take the time of our clock is asked so seldom whether it does now: each time costs a new producer. */
const UNTIMED_FOR_MS = 60_000

/**
 * Sends what is in the journal, in order, one request at a time, until `signal`: a batch is acknowledged to the journal when
 * the broker has it. A batch that fails is repeated as it is, for ever; one that is refused is halved until the message that
 * the broker will not have is found and set aside. Rejects when the journal cannot be read; the producer is closed either way.
 */
export const drain = async (
  journal: Journal,
  options: KafkaOptions,
  deps: DrainDeps,
  signal: AbortSignal,
): Promise<void> => {
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined)
  let isPrepared = false
  let timedFromMs = -Infinity

  /** True when every message has been sent or set aside. */
  const deliver = async (messages: readonly KafkaMessage[]): Promise<boolean> => {
    let failures = 0
    let sendFailures = 0
    while (!signal.aborted) {
      try {
        if (!isPrepared) await deps.prepare()
        isPrepared = true
        sendFailures++
        const from = performance.now()
        const isTimed = from >= timedFromMs
        await deps.link.send(messages, isTimed ? deps.time.nowMs() : null)
        deps.onSent(messages, (performance.now() - from) / 1000, isTimed)
        return true
      } catch (error) {
        const failure = failureOf(error)
        deps.onFailure(failure, error)
        if (failure === 'untimely') {
          timedFromMs = performance.now() + UNTIMED_FOR_MS
          await deps.link.renew()
          continue
        }
        if (failure === 'refused') return refused(messages, error)
        isPrepared = false
        failures++
        if (sendFailures >= RENEW_AFTER || failure === 'denied') {
          sendFailures = 0
          await deps.link.renew()
        }
        await pause(Math.min(options.retryMaxMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 16)))
      }
    }
    return false
  }

  const refused = async (messages: readonly KafkaMessage[], error: unknown): Promise<boolean> => {
    // What comes next is cut differently.
    await deps.link.renew()
    const [only] = messages
    if (messages.length === 1 && only) {
      await deps.setAside(only, error)
      return true
    }
    const half = Math.ceil(messages.length / 2)
    return (await deliver(messages.slice(0, half))) && deliver(messages.slice(half))
  }

  try {
    while (!signal.aborted) {
      await Promise.race([journal.readable(), stopped])
      if (signal.aborted) break
      const records = await journal.read(options.batchEvents, options.batchBytes)
      const last = records.at(-1)
      if (last && (await deliver(records.map(({ payload }) => decodeMessage(payload)))))
        await deps.acknowledge(last.number)
    }
  } finally {
    await deps.link.renew()
  }
}
