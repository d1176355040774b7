import { describeError, RollcallError } from '../../errors.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log, Time } from '../../types.ts'
import { redact } from './client.ts'
import { type Failure, reasonOf } from './failure.ts'
import type { KafkaMessage } from './message.ts'
import type { KafkaTarget } from './options.ts'

/** Counts every answer of the brokers, and logs when their state changes. */
export interface BrokerState {
  /** The brokers took the messages after `seconds`. `isTimed` is false when the records had no time. */
  onSent(messages: readonly KafkaMessage[], seconds: number, isTimed: boolean): void
  /** A request failed. A refusal is only counted: the message is set aside, and the brokers are well. */
  onFailure(failure: Failure, error: unknown): void
  /**
   * Why the brokers take nothing until somebody changes a configuration; undefined while they take events or are away.
   */
  denial(): string | undefined
}

/** Keeps the SASL password out of logs. `time` is our clock, logged when a broker rejects its time. */
export const createBrokerState = (
  options: KafkaTarget,
  { metrics, log, time }: { readonly metrics: Pick<Metrics, 'kafka'>; readonly log: Log; readonly time: Time },
): BrokerState => {
  let denial: string | undefined
  let isAway: boolean | undefined
  let isUntimely = false

  return {
    onSent: (messages, seconds, isTimed) => {
      metrics.kafka.request.observe(seconds)
      metrics.kafka.connected.set(1)
      for (const { topic } of messages) {
        metrics.kafka.sent.inc({ topic })
        if (!isTimed) metrics.kafka.untimed.inc({ topic })
      }
      if (isAway !== false) log.info({ brokers: options.brokers }, 'kafka takes events')
      if (isTimed && isUntimely) log.info({}, 'kafka takes the time of our clock again')
      isUntimely &&= !isTimed
      isAway = false
      denial = undefined
    },
    onFailure: (failure, error) => {
      metrics.kafka.failures.inc({ failure })
      if (failure === 'refused') return
      const reason = redact(options, error instanceof RollcallError ? describeError(error) : reasonOf(error))
      if (failure === 'untimely') {
        if (!isUntimely) log.warn({ ourMs: time.nowMs(), error: reason }, UNTIMELY)
        isUntimely = true
        return
      }
      metrics.kafka.connected.set(0)
      const isNew = denial !== reason
      denial = failure === 'denied' || error instanceof RollcallError ? reason : undefined
      if (denial !== undefined && isNew) log.error({ error: reason }, 'kafka takes no events until this is changed')
      else if (isAway !== true)
        log.warn({ brokers: options.brokers, error: reason }, 'kafka is away; events wait on disk')
      isAway = true
    },
    denial: () => denial,
  }
}

const UNTIMELY =
  'kafka does not take the time of our clock: records go without one, events keep theirs in ce_time; compare the clocks of both machines'
