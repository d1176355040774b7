import { setTimeout as sleep } from 'node:timers/promises'
import { type Failure, failureOf } from '../../kafka/failure.ts'
import type { Time } from '../../types.ts'
import type { Journal } from '../spool/journal.ts'
import type { Link } from './link.ts'
import { decodeMessage, type KafkaMessage } from './message.ts'
import type { KafkaOptions } from './options.ts'

/** What the drain of one lane works with. */
export interface DrainDeps {
  readonly link: Link
  /**
   * Resolves when the topics exist. Called before the first batch, and again after the broker was away or denied
   * something.
   */
  readonly prepare: () => Promise<void>
  /** The broker has every record of the journal up to this number. */
  readonly acknowledge: (number: number) => Promise<void>
  /** The broker took the messages after `seconds`. `isTimed` is false for records without a time. */
  readonly onSent: (messages: readonly KafkaMessage[], seconds: number, isTimed: boolean) => void
  readonly onFailure: (failure: Failure, error: unknown) => void
  /** The broker will never take this message. Resolves to true when it is kept elsewhere, or given up; false: later. */
  readonly setAside: (message: KafkaMessage, error: unknown) => Promise<boolean>
  /** Gives the records' time. */
  readonly time: Time
}

const FIRST_RETRY_MS = 100
/** After so many failed requests with the same batch the producer itself may be broken, so it is replaced. */
const RENEW_AFTER = 3
/** A broker that rejects our clock's time gets records without one for so long. Each new try costs a new producer. */
const UNTIMED_FOR_MS = 60_000

/**
 * Sends the records of the journal in order, one request at a time, until `signal` aborts. A batch is acknowledged to the
 * journal when the broker has it. A batch that fails is sent again, unchanged, until it succeeds. A batch that the broker
 * refuses is halved until the refused message is found and set aside. Rejects when the journal cannot be read. Closes the
 * producer in any case.
 */
export const drain = async (
  journal: Journal,
  options: KafkaOptions,
  deps: DrainDeps,
  signal: AbortSignal,
): Promise<void> => {
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  const deliver = createDelivery(options, deps, signal)
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

const retryMs = ({ retryMaxMs }: KafkaOptions, failures: number): number =>
  Math.min(retryMaxMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 16))

/** Resolves to true when every message has been sent or set aside, to false when `signal` came first. */
type Deliver = (messages: readonly KafkaMessage[]) => Promise<boolean>

const createDelivery = (options: KafkaOptions, deps: DrainDeps, signal: AbortSignal): Deliver => {
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined)
  let isPrepared = false
  let timedFromMs = -Infinity

  const send = async (messages: readonly KafkaMessage[]): Promise<void> => {
    const from = performance.now()
    const isTimed = from >= timedFromMs
    await deps.link.send(messages, isTimed ? deps.time.nowMs() : null)
    deps.onSent(messages, (performance.now() - from) / 1000, isTimed)
  }

  const deliver: Deliver = async (messages) => {
    let failures = 0
    let sendFailures = 0
    while (!signal.aborted) {
      try {
        if (!isPrepared) await deps.prepare()
        isPrepared = true
        sendFailures++
        await send(messages)
        return true
      } catch (error) {
        const failure = failureOf(error)
        deps.onFailure(failure, error)
        if (failure === 'untimely') {
          timedFromMs = performance.now() + UNTIMED_FOR_MS
          await deps.link.renew()
          continue
        }
        if (failure === 'refused') return isolate(messages, error)
        isPrepared = false
        failures++
        if (sendFailures >= RENEW_AFTER || failure === 'denied') {
          sendFailures = 0
          await deps.link.renew()
        }
        await pause(retryMs(options, failures))
      }
    }
    return false
  }

  /** Finds the message that the broker refuses and sets it aside; delivers the others. */
  const isolate = async (messages: readonly KafkaMessage[], error: unknown): Promise<boolean> => {
    // The next batches hold other messages than the one that failed: see `createLink`.
    await deps.link.renew()
    const [only] = messages
    if (messages.length === 1 && only) {
      for (let failures = 1; !signal.aborted; failures++) {
        if (await deps.setAside(only, error)) return true
        await pause(retryMs(options, failures))
      }
      return false
    }
    const half = Math.ceil(messages.length / 2)
    return (await deliver(messages.slice(0, half))) && deliver(messages.slice(half))
  }

  return deliver
}
