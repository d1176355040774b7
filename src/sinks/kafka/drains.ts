import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { describeDiskError } from '../../disk.ts'
import type { Topic } from '../../events/types.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log, Time } from '../../types.ts'
import type { Lane, Spool } from '../spool/spool.ts'
import { type BrokerState, createBrokerState } from './broker-state.ts'
import type { SetAside } from './dead-letters.ts'
import { type DrainDeps, drain } from './drain.ts'
import { createLink } from './link.ts'
import type { KafkaTarget } from './options.ts'
import { ensureTopics } from './topics.ts'

/** Both lanes of a spool; each has a drain and a producer of its own. */
export const lanes: readonly Lane[] = ['kept', 'droppable']

/** What the drains of both lanes share. */
export interface DrainsParts {
  readonly kafka: Kafka
  readonly options: KafkaTarget
  readonly spool: Spool
  readonly setAside: SetAside
  /** Whether events of a topic may come; of all when left out. */
  readonly isUsed?: (topic: Topic) => boolean
  readonly metrics: Pick<Metrics, 'kafka'>
  readonly time: Time
  readonly log: Log
}

/** The drains that are running. */
export interface Drains {
  /** Why a lane cannot be delivered until somebody does something; empty while both can. */
  reasons(): readonly string[]
  /** `BrokerState.absence`. */
  absence(): string | null
  /** Asks both to stop. Resolves when they have, at the latest after `withinMs`. */
  stop(withinMs: number): Promise<void>
}

/** How long a spool that cannot be read is left alone. */
const READ_AGAIN_MS = 5000

/** Starts a drain of each lane. One that cannot be read is tried again every five seconds. */
export const startDrains = (parts: DrainsParts): Drains => {
  const { kafka, options, log } = parts
  const stopping = new AbortController()
  let preparing: Promise<void> | undefined
  let isCompacted = true
  const ensure = async (): Promise<void> => {
    isCompacted = await ensureTopics(kafka, options, log, parts.isUsed ?? (() => true), !isCompacted)
  }
  /** Both drains ask at the same time and share one answer. */
  const prepare = (): Promise<void> =>
    (preparing ??= ensure().finally(() => {
      preparing = undefined
    }))
  const state = createBrokerState(options, parts)
  const drains = lanes.map((lane) => drainLane(parts, { lane, state, prepare }, stopping.signal))
  return {
    reasons: () => [...state.denials(), ...drains.flatMap(({ failure }) => failure() ?? [])],
    absence: () => state.absence(),
    stop: async (withinMs) => {
      stopping.abort()
      const stopped = new AbortController()
      const deadline = sleep(withinMs, undefined, { signal: stopped.signal }).catch(() => undefined)
      await Promise.race([Promise.all(drains.map(({ over }) => over)), deadline])
      stopped.abort()
    },
  }
}

interface LaneParts {
  readonly lane: Lane
  readonly state: BrokerState
  readonly prepare: () => Promise<void>
}

const drainLane = (
  { kafka, options, spool, setAside, time, log }: DrainsParts,
  { lane, state, prepare }: LaneParts,
  signal: AbortSignal,
) => {
  let unreadable: string | undefined
  const deps: DrainDeps = {
    link: createLink(kafka, options),
    prepare,
    acknowledge: async (number) => {
      await spool.acknowledge(lane, number)
      unreadable = undefined
    },
    onSent: (...sent) => state.onSent(lane, ...sent),
    onFailure: (...failed) => state.onFailure(lane, ...failed),
    setAside: setAside.keep,
    time,
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await drain(spool.lanes[lane], options, deps, signal).catch((error: unknown) => {
        if (unreadable === undefined) log.error({ lane, error: describeDiskError(error) }, 'kafka spool cannot be read')
        unreadable = `the spool cannot be read: ${describeDiskError(error)}`
      })
      await sleep(READ_AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
  return { over: run(), failure: () => unreadable }
}
