import { describeError, RollcallError } from '../../errors.ts'
import type { Topic } from '../../events/types.ts'
import { redact } from '../../kafka/client.ts'
import { type Failure, reasonOf } from '../../kafka/failure.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log, Time } from '../../types.ts'
import type { Lane } from '../spool/spool.ts'
import type { KafkaMessage } from './message.ts'
import type { KafkaTarget } from './options.ts'
import { topicName } from './topics.ts'

/**
 * Counts every answer of the brokers, and logs when their state changes. Each lane counts for itself, because brokers may take
 * the topics of one and deny those of the other.
 */
export interface BrokerState {
  /** The brokers took the messages after `seconds`. `isTimed` is false when the records had no time. */
  onSent(lane: Lane, messages: readonly KafkaMessage[], seconds: number, isTimed: boolean): void
  /** A request failed. A refusal is only counted: the message is set aside, and the brokers are well. */
  onFailure(lane: Lane, failure: Failure, error: unknown, topic?: Topic | null): void
  /** Why the brokers take nothing of a lane until somebody changes a configuration; empty while they take events or are away. */
  denials(): readonly string[]
  /** Why the brokers take nothing of a lane for now, which may pass by itself; null while they take events. */
  absence(): string | null
}

/** Keeps the SASL password out of logs. `time` is our clock, logged when a broker rejects its time. */
export const createBrokerState = (
  options: KafkaTarget,
  { metrics, log, time }: { readonly metrics: Pick<Metrics, 'kafka'>; readonly log: Log; readonly time: Time },
): BrokerState => {
  const denials = new Map<Lane, string>()
  const away = new Map<Lane, string>()
  let hasSent = false
  let isUntimely = false
  const showConnected = (): void => metrics.kafka.connected.set(denials.size + away.size === 0 ? 1 : 0)

  const deny = (lane: Lane, reason: string): void => {
    if (![...denials.values()].includes(reason))
      log.error({ error: reason }, 'kafka takes no events until this is changed')
    denials.set(lane, reason)
    away.delete(lane)
  }
  const leave = (lane: Lane, reason: string): void => {
    if (away.size === 0) log.warn({ brokers: options.brokers, error: reason }, 'kafka is away; events wait on disk')
    away.set(lane, reason)
    denials.delete(lane)
  }

  return {
    onSent: (lane, messages, seconds, isTimed) => {
      metrics.kafka.request.observe(seconds)
      for (const { topic } of messages) {
        metrics.kafka.sent.inc({ topic })
        if (!isTimed) metrics.kafka.untimed.inc({ topic })
      }
      const isBack = away.delete(lane) || denials.delete(lane)
      if (!hasSent || (isBack && denials.size + away.size === 0))
        log.info({ brokers: options.brokers }, 'kafka takes events')
      if (isTimed && isUntimely) log.info({}, 'kafka takes the time of our clock again')
      isUntimely &&= !isTimed
      hasSent = true
      showConnected()
    },
    onFailure: (lane, failure, error, topic = null) => {
      metrics.kafka.failures.inc({ failure })
      if (failure === 'refused') return
      const isOurs = error instanceof RollcallError
      const where = topic === null || isOurs ? '' : `topic ${topicName(options, topic)}: `
      const reason = where + redact(options, isOurs ? describeError(error) : reasonOf(error))
      if (failure === 'untimely') {
        if (!isUntimely) log.warn({ ourMs: time.nowMs(), error: reason }, UNTIMELY)
        isUntimely = true
        return
      }
      if (failure === 'denied' || isOurs) deny(lane, reason)
      else leave(lane, reason)
      showConnected()
    },
    denials: () => [...new Set(denials.values())],
    absence: () => [...away.values()].at(-1) ?? null,
  }
}

const UNTIMELY =
  'kafka does not take the time of our clock: records go without one, events keep theirs in ce_time; compare the clocks of both machines'
