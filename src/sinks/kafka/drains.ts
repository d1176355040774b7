import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import type { Log, Time } from '../../types.ts'
import type { Lane, Spool } from '../spool/spool.ts'
import type { BrokerState } from './broker-state.ts'
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
  readonly state: BrokerState
  readonly setAside: DrainDeps['setAside']
  readonly time: Time
  readonly log: Log
}

/** The drains that are running. */
export interface Drains {
  /** Why a lane cannot be read; undefined while both can. */
  failure(): string | undefined
  /** Asks both to stop. Resolves when they have, at the latest after `withinMs`. */
  stop(withinMs: number): Promise<void>
}

/** Starts a drain of each lane. A lane that cannot be read is logged; its events wait for a restart. */
export const startDrains = ({ kafka, options, spool, state, setAside, time, log }: DrainsParts): Drains => {
  const stopping = new AbortController()
  let unreadable: string | undefined
  let preparing: Promise<void> | undefined
  /** Both drains ask at the same time and share one answer. */
  const prepare = (): Promise<void> =>
    (preparing ??= ensureTopics(kafka, options, log).finally(() => {
      preparing = undefined
    }))
  const start = (lane: Lane): Promise<void> => {
    const deps: DrainDeps = {
      link: createLink(kafka, options),
      prepare,
      acknowledge: (number) => spool.acknowledge(lane, number),
      onSent: (...sent) => state.onSent(...sent),
      onFailure: (failure, error) => state.onFailure(failure, error),
      setAside,
      time,
    }
    return drain(spool.lanes[lane], options, deps, stopping.signal).catch((error: unknown) => {
      unreadable = `the spool cannot be read: ${String(error)}`
      log.error({ lane, error: String(error) }, 'kafka spool cannot be read; its events wait for a restart')
    })
  }
  const drains = lanes.map(start)
  return {
    failure: () => unreadable,
    stop: async (withinMs) => {
      stopping.abort()
      const stopped = new AbortController()
      const deadline = sleep(withinMs, undefined, { signal: stopped.signal }).catch(() => undefined)
      await Promise.race([Promise.all(drains), deadline])
      stopped.abort()
    },
  }
}
