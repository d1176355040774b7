import { setTimeout as sleep } from 'node:timers/promises'
import { RollcallError } from '../../errors.ts'
import { type RollcallEvent, type Topic, topicOf } from '../../events/types.ts'
import { kafkaClient } from '../../kafka/client.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log, Time } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { type Entry, openSpool, type Spool } from '../spool/spool.ts'
import { createSetAside } from './dead-letters.ts'
import { lanes, startDrains } from './drains.ts'
import { encodeMessages } from './message.ts'
import type { KafkaTarget } from './options.ts'

/** The sink of `sinks.kafka`. It owns the spool and the producers; `close` closes them. */
export interface KafkaSink extends Sink {
  /**
   * Why `/readyz` says no: the spool is full or cannot be used, or the brokers deny access until a person changes
   * something.
   */
  reasons(): readonly string[]
  /** What passes by itself, as far as this program can do anything: the brokers are away, or do not answer. */
  warnings(): readonly string[]
  /** Sets the gauges of the spool. */
  measure(): void
  /** `publish` no longer waits for room: from now on the spool may grow beyond `maxBytes`. */
  finish(): void
}

/** What the sink shares with its process. */
export interface KafkaDeps {
  /** Topics whose oldest events are dropped when the spool is full; none for recordings. */
  readonly mayDrop: ReadonlySet<Topic>
  /** Whether events of a topic may come, so that it has to exist; of all when left out. */
  readonly isUsed?: (topic: Topic) => boolean
  /** Whether an event gets to its topic another way; none when left out. */
  readonly isBeside?: (event: RollcallEvent) => boolean
  readonly metrics: Pick<Metrics, 'kafka' | 'spool'>
  readonly log: Log
  /** Gives the records' time. */
  readonly time: Time
}

/** A write costs about the same for one event as for many, so after fewer events than these `publish` waits for more. */
const SMALL_WRITE_EVENTS = 64
/** How long a request that no broker answers is waited for at the end. Its events are sent again after the next start. */
const STOP_WITHIN_MS = 2000
/** How long the last events of the cameras may take. */
const LAST_EVENTS_MS = 1000

/**
 * Sends events to Kafka by way of a spool on disk. `publish` resolves when the spool has the events, and never waits for a
 * broker. Each lane of the spool is sent in order, and what fails is repeated until it succeeds, also after a restart. So
 * consumers get each event at least once; a repeat has the same `ce_id`. Throws SINK when the spool or a TLS file cannot
 * be opened. A broker that is away is no error.
 */
export const openKafka = async (options: KafkaTarget, deps: KafkaDeps): Promise<KafkaSink> => {
  const { metrics, log, mayDrop, isUsed, isBeside = () => false, time } = deps
  const kafka = kafkaClient(options, log)
  const drops = createDropLog(log)
  const spool = await openSpool(options.spool, {
    onDrop: (events) => {
      metrics.spool.dropped.inc(events)
      drops.dropped(events)
    },
  })
  const setAside = createSetAside(options, deps)
  const drains = startDrains({ kafka, options, spool, setAside, ...(isUsed && { isUsed }), metrics, time, log })
  let closing: Promise<void> | undefined

  let finishedAtMs: number | null = null
  const finish = (): void => {
    finishedAtMs ??= performance.now()
    spool.finish()
  }

  const end = async (): Promise<void> => {
    finish()
    const now = performance.now()
    // The time runs from when the end began; the last events come at the very end, and get some in any case.
    const soonest = now + Math.min(options.closeTimeoutMs, LAST_EVENTS_MS)
    const deadline = Math.max(soonest, (finishedAtMs ?? now) + options.closeTimeoutMs)
    while (waitingIn(spool) > 0 && performance.now() < deadline) await sleep(20)
    await drains.stop(STOP_WITHIN_MS)
    if (waitingIn(spool) > 0) log.warn({ events: waitingIn(spool) }, 'kafka events stay on disk until the next start')
    await spool.close()
  }

  return {
    name: 'kafka',
    publish: async (events) => {
      if (closing !== undefined) throw new RollcallError('SINK', 'events to kafka: already closed')
      const from = performance.now()
      const own = events.filter((event) => !isBeside(event))
      if (own.length > 0) await spool.append(entriesOf(own, mayDrop))
      drops.tell(spool)
      const restMs = 2 * options.lingerMs - (performance.now() - from)
      // These events are safe and being sent. While this waits, the outbox gathers more for the next write.
      if (events.length < SMALL_WRITE_EVENTS && restMs >= 1) await sleep(restMs)
    },
    reasons: () =>
      [
        spool.isFull() ? 'the spool is full' : undefined,
        spool.failure(),
        setAside.failure(),
        ...drains.reasons(),
      ].flatMap((reason) => (reason === undefined ? [] : `sinks.kafka: ${reason}`)),
    warnings: () => {
      const absence = drains.absence()
      const count = waitingIn(spool)
      return absence === null
        ? []
        : [
            `sinks.kafka: the brokers take no events (${absence}); ${count} ${count === 1 ? 'event waits' : 'events wait'} on disk`,
          ]
    },
    measure: () => measureSpool(spool, metrics),
    finish,
    close: () => (closing ??= end()),
  }
}

/** Says when the spool begins to drop frame events, and when it has ended, not each time. */
const createDropLog = (log: Log) => {
  let events = 0
  let isSaid = false
  return {
    dropped: (more: number): void => {
      events += more
    },
    /** After each append. */
    tell: (spool: Pick<Spool, 'isFull' | 'failure'>): void => {
      if (events === 0) return
      const error = spool.failure()
      if (!isSaid && error === undefined) log.warn({}, 'kafka spool is full: the oldest frame events are dropped')
      if (!isSaid && error !== undefined)
        log.error({ error }, 'kafka spool cannot be written: frame events are dropped')
      isSaid = true
      if (spool.isFull() || error !== undefined) return
      log.info({ events }, 'kafka spool has room again; so many frame events were dropped')
      events = 0
      isSaid = false
    },
  }
}

const entriesOf = (events: readonly RollcallEvent[], mayDrop: ReadonlySet<Topic>): readonly Entry[] =>
  events.flatMap((event) => {
    const droppable = mayDrop.has(topicOf(event))
    return encodeMessages(event).map((payload) => ({ payload, mayDrop: droppable }))
  })

/** Records that no broker has acknowledged. */
const waitingIn = (spool: Spool): number => lanes.reduce((sum, lane) => sum + spool.lanes[lane].records(), 0)

const measureSpool = (spool: Spool, metrics: Pick<Metrics, 'spool'>): void => {
  for (const lane of lanes) metrics.spool.events.set({ lane }, spool.lanes[lane].records())
  metrics.spool.bytes.set(spool.bytes())
  metrics.spool.damagedBytes.set(lanes.reduce((sum, lane) => sum + spool.lanes[lane].damagedBytes(), 0))
}
