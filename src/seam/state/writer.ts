import { setTimeout as sleep } from 'node:timers/promises'
import { type Beside, type Confirmed, createDelivery, type DeliveryDeps } from './delivery.ts'
import type { PackedRecord, StateRecord } from './record.ts'
import type { StatePlace } from './topic.ts'

type Row = Extract<StateRecord, { what: 'row' }>['row']
type Head = Extract<StateRecord, { what: 'head' }>['head']

/** A commit that is to be in the topic, and what is to be there with it or not at all. */
export interface PushedCommit {
  readonly head: Head
  readonly rows: Iterable<Row>
  readonly lastIds: Readonly<Record<string, number>>
  /** Events in other topics of the same brokers. */
  readonly messages: readonly Beside[]
}

/** Writes the people of a site to their topic, each commit in a transaction. Owned by who opened it, who closes it. */
export interface StateWriter {
  /** Takes the site over: whoever wrote before is fenced. Its claim stands in the topic behind everything else when this resolves. */
  claim(): Promise<void>
  push(commit: PushedCommit): void
  /**
   * Resolves once everything that was pushed is in the topic; rejects when this process can never write it, because another one has
   * the site. Null when it is there.
   */
  settled(): Promise<void> | null
  confirmed(): Confirmed | null
  /** Rejects when this process can never write again. */
  readonly failed: Promise<never>
  /** Why `/readyz` says no; null while the brokers take what is pushed. */
  failure(): string | null
  /** Waits at most so long for what was pushed. */
  close(withinMs: number): Promise<void>
}

/** What waits for one transaction; later values of a row replace earlier ones. */
interface Waiting {
  readonly rows: Map<string, PackedRecord>
  readonly messages: Beside[]
  head: Head
  lastIds: PushedCommit['lastIds']
  readonly done: PromiseWithResolvers<void>
}

/** One transaction is under way at a time; what is pushed meanwhile shares the next. */
export const createStateWriter = (place: StatePlace, deps: DeliveryDeps): StateWriter => {
  const delivery = createDelivery(place, deps)
  let waiting: Waiting | null = null
  let underWay: Waiting | null = null
  let running: Promise<void> | null = null
  let isOver = false
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)

  const run = async (): Promise<void> => {
    try {
      while (waiting !== null) {
        underWay = waiting
        waiting = null
        const from = performance.now()
        await delivery.deliver({ ...underWay, rows: underWay.rows.values() })
        deps.metrics.stateTopic.transactions.observe((performance.now() - from) / 1000)
        underWay.done.resolve()
      }
    } catch (error) {
      isOver = true
      failed.reject(error)
      for (const each of [underWay, waiting]) each?.done.reject(error)
    } finally {
      underWay = null
      running = null
    }
  }
  return {
    claim: () => delivery.claim(),
    push: ({ head, rows, lastIds, messages }) => {
      if (isOver) return
      const next: Waiting = waiting ?? { rows: new Map(), messages: [], head, lastIds, done: settling() }
      for (const row of rows) {
        const packed = place.codec.pack({ what: 'row', row })
        // The order of the last change of each row.
        next.rows.delete(packed.key)
        next.rows.set(packed.key, packed)
      }
      next.messages.push(...messages)
      next.head = head
      next.lastIds = lastIds
      waiting = next
      running ??= run()
    },
    settled: () => (isOver ? failed.promise : ((waiting ?? underWay)?.done.promise ?? null)),
    failed: failed.promise,
    confirmed: () => delivery.confirmed(),
    failure: () => {
      const why = delivery.failure()
      return why && `seam.stateTopic: the brokers do not take what is known of people (${why})`
    },
    close: async (withinMs) => {
      await Promise.race([running, sleep(withinMs, undefined, { ref: false })])
      await delivery.close()
    },
  }
}

const settling = (): PromiseWithResolvers<void> => {
  const done = Promise.withResolvers<void>()
  // Whoever waits is told; nobody need wait.
  done.promise.catch(() => undefined)
  return done
}
