import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError, RollcallError } from '../../errors.ts'
import type { Metrics } from '../../metrics.ts'
import { type Log, type RollcallEvent, type Time, type Topic, topicOf } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { type Entry, type Lane, openSpool } from '../spool/spool.ts'
import { createBrokerState } from './broker-state.ts'
import { kafkaClient, redact, topicName } from './client.ts'
import { keepDeadLetter } from './dead-letters.ts'
import { drain } from './drain.ts'
import { reasonOf } from './failure.ts'
import { createLink } from './link.ts'
import { encodeMessages, type KafkaMessage } from './message.ts'
import type { KafkaTarget } from './options.ts'
import { ensureTopics } from './topics.ts'

export interface KafkaSink extends Sink {
  /** Why this installation is not fit: the spool is full or cannot be written, or the brokers deny what only a person can change. */
  reasons(): readonly string[]
  /** Brings the gauges up to date. */
  measure(): void
  finish(): void
}

export interface KafkaDeps {
  /** Topics whose oldest events go when the spool is full; none for recordings. */
  readonly mayDrop: ReadonlySet<Topic>
  readonly metrics: Pick<Metrics, 'kafka' | 'spool'>
  readonly log: Log
  /** For the records' time. */
  readonly time: Time
}

const LANES: readonly Lane[] = ['kept', 'droppable']
/** Writing costs by the call rather than by the event: after fewer events than these the next ones may gather. */
const SMALL_WRITE_EVENTS = 64

/**
 * Events to Kafka by way of the spool: `publish` resolves when they are on disk, and never waits for a broker. A drain of each lane
 * sends them in order and repeats what failed until it succeeds, over restarts too, so that consumers see each event at least
 * once, repeats with the same `ce_id`. Throws SINK when the spool or a TLS file cannot be opened; a broker that is away is none.
 */
export const openKafka = async (options: KafkaTarget, deps: KafkaDeps): Promise<KafkaSink> => {
  const { metrics, log, mayDrop, time } = deps
  const kafka = kafkaClient(options, log)
  const spool = await openSpool(options.spool, {
    onDrop: (events) => {
      metrics.spool.dropped.inc(events)
      log.warn({ events }, 'kafka spool is full: the oldest frame events are dropped')
    },
  })
  const deadLetters = join(options.spool.directory, 'dead-letters.jsonl')
  const stop = new AbortController()
  const state = createBrokerState(options, deps)
  let unreadable: string | undefined
  let unwritable: string | undefined
  let closing: Promise<void> | undefined
  let preparing: Promise<void> | undefined

  const setAside = async (message: KafkaMessage, error: unknown): Promise<void> => {
    const reason = redact(options, reasonOf(error))
    metrics.kafka.refused.inc({ topic: message.topic })
    const kept = await keepDeadLetter(deadLetters, message, reason).catch(() => false)
    const fields = { topic: topicName(options, message.topic), id: message.headers.ce_id ?? null, reason }
    log.error({ ...fields, file: kept ? deadLetters : null }, 'kafka refuses an event for good; it is set aside')
  }

  /** Both lanes ask at the same time. */
  const prepare = (): Promise<void> =>
    (preparing ??= ensureTopics(kafka, options, log).finally(() => {
      preparing = undefined
    }))

  const drains = LANES.map((lane) =>
    drain(
      spool.lanes[lane],
      options,
      {
        link: createLink(kafka, options),
        prepare,
        acknowledge: (number) => spool.acknowledge(lane, number),
        onSent: (...sent) => state.onSent(...sent),
        onFailure: (failure, error) => state.onFailure(failure, error),
        setAside,
        time,
      },
      stop.signal,
    ).catch((error: unknown) => {
      unreadable = `the spool cannot be read: ${String(error)}`
      log.error({ lane, error: String(error) }, 'kafka spool cannot be read; its events wait for a restart')
    }),
  )

  const entriesOf = (events: readonly RollcallEvent[]): readonly Entry[] =>
    events.flatMap((event) => {
      const droppable = mayDrop.has(topicOf(event))
      return encodeMessages(event).map((payload) => ({ payload, mayDrop: droppable }))
    })

  const waiting = (): number => LANES.reduce((sum, lane) => sum + spool.lanes[lane].records(), 0)

  const end = async (): Promise<void> => {
    spool.finish()
    const deadline = performance.now() + options.closeTimeoutMs
    while (waiting() > 0 && performance.now() < deadline) await sleep(20)
    stop.abort()
    // A request that the broker does not answer is not waited for: its events are sent again after the next start.
    const patience = new AbortController()
    const impatient = sleep(2000, undefined, { signal: patience.signal }).catch(() => undefined)
    await Promise.race([Promise.all(drains), impatient])
    patience.abort()
    if (waiting() > 0) log.warn({ events: waiting() }, 'kafka events stay on disk until the next start')
    await spool.close()
  }

  return {
    name: 'kafka',
    publish: async (events) => {
      if (closing !== undefined) throw new RollcallError('SINK', 'events to kafka: already closed')
      const from = performance.now()
      try {
        await spool.append(entriesOf(events))
        unwritable = undefined
      } catch (error) {
        unwritable = describeError(error)
        throw error
      }
      const restMs = 2 * options.lingerMs - (performance.now() - from)
      // These are safe and on their way already; whoever publishes gathers meanwhile what goes with the next ones.
      if (events.length < SMALL_WRITE_EVENTS && restMs >= 1) await sleep(restMs)
    },
    reasons: () => [
      ...(spool.isFull() ? ['sinks.kafka: the spool is full'] : []),
      ...(unwritable === undefined
        ? []
        : [`the last events did not reach the disk and are lost to kafka: ${unwritable}`]),
      ...[unreadable, state.denial()].flatMap((reason) => (reason === undefined ? [] : `sinks.kafka: ${reason}`)),
    ],
    measure: () => {
      for (const lane of LANES) metrics.spool.events.set({ lane }, spool.lanes[lane].records())
      metrics.spool.bytes.set(spool.bytes())
      metrics.spool.damagedBytes.set(LANES.reduce((sum, lane) => sum + spool.lanes[lane].damagedBytes(), 0))
    },
    finish: () => spool.finish(),
    close: () => (closing ??= end()),
  }
}
