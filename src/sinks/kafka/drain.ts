import { setTimeout as sleep } from 'node:timers/promises'
import type { Topic } from '../../events/types.ts'
import { type Failure, failureOf, isOfTopic } from '../../kafka/failure.ts'
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
  /** `topic` is the one that the failure is about; null when it is about none, or it is not known. */
  readonly onFailure: (failure: Failure, error: unknown, topic: Topic | null) => void
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

/** Sends each topic for itself. Rejects with a denial only after all have had their turn. */
const eachTopic = async (
  messages: readonly KafkaMessage[],
  send: (messages: readonly KafkaMessage[]) => Promise<void>,
  renew: () => Promise<void>,
): Promise<void> => {
  let denial: unknown = null
  for (const topic of topicsOf(messages)) {
    try {
      await send(messages.filter((message) => message.topic === topic))
    } catch (error) {
      if (!isOfTopic(error)) throw error
      denial ??= error
      await renew()
    }
  }
  if (denial !== null) throw denial
}

const topicsOf = (messages: readonly KafkaMessage[]): readonly Topic[] => [
  ...new Set(messages.map(({ topic }) => topic)),
]

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
    let left = messages
    let isDivided = false
    let failures = 0
    let sendFailures = 0
    const sendOne = async (ofTopic: readonly KafkaMessage[]): Promise<void> => {
      await send(ofTopic)
      left = left.filter((message) => !ofTopic.includes(message))
    }
    while (!signal.aborted) {
      try {
        if (!isPrepared) await deps.prepare()
        isPrepared = true
        sendFailures++
        if (isDivided) await eachTopic(left, sendOne, () => deps.link.renew())
        else await send(left)
        return true
      } catch (error) {
        const failure = failureOf(error)
        const [topic = null, ...others] = isOfTopic(error) ? topicsOf(left) : []
        if (!isDivided && others.length > 0) {
          // Otherwise what the broker takes of the other topics would come again with each attempt.
          isDivided = true
          await deps.link.renew()
          continue
        }
        deps.onFailure(failure, error, others.length === 0 ? topic : null)
        if (failure === 'untimely') {
          timedFromMs = performance.now() + UNTIMED_FOR_MS
          await deps.link.renew()
          continue
        }
        if (failure === 'refused') return isolate(left, error)
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
