import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import { Subject } from 'rxjs'
import { patiently } from '../kafka/patiently.ts'
import type { Log } from '../types.ts'
import type { Slot } from './assign.ts'
import { emptySlot, type SlotState, withRecord } from './slots.ts'
import { type PlacementNames, wantedTopic, workersGroup } from './topic.ts'

/** Everything that the topic of wanted cameras says, kept up to date. */
export interface View {
  /** By slot; as long as the topic has partitions. */
  readonly slots: readonly SlotState[]
  /** The slot that has changed, after each change. */
  readonly changed$: Subject<Slot>
  /** Resolves when everything up to this offset of a partition is in `slots`. */
  readonly reached: (slot: Slot, offset: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** A fetch that finds nothing holds up the heartbeat, so it is short: with kafkajs's 5 s members are thrown out at each rebalance. */
export const IDLE_FETCH_MS = 250

/**
 * Reads the topic from its beginning, in a group of its own, and goes on reading. Resolves when what was there is read. Rejects with what
 * kafkajs throws.
 */
export const openView = async (kafka: Kafka, names: PlacementNames, log: Log): Promise<View> => {
  const topic = wantedTopic(names)
  const admin = kafka.admin()
  await admin.connect()
  const ends = await patiently(() => admin.fetchTopicOffsets(topic)).finally(() => admin.disconnect())
  const slots: SlotState[] = Array.from({ length: ends.length }, () => emptySlot)
  const next: number[] = Array.from({ length: ends.length }, () => 0)
  const changed$ = new Subject<Slot>()
  const waiting = new Set<{ readonly slot: Slot; readonly offset: number; readonly resolve: () => void }>()

  const take = ({ batch }: EachBatchPayload): void => {
    const { partition, messages } = batch
    const before = slots[partition] ?? emptySlot
    let state = before
    for (const { key, value, offset } of messages) {
      // After a rebalance everything comes again.
      if (Number(offset) < (next[partition] ?? 0)) continue
      const after = withRecord(state, key?.toString(), value)
      if (after === null) log.warn({ topic, partition, offset }, 'a record that nobody understands is left out')
      state = after ?? state
    }
    slots[partition] = state
    next[partition] = Math.max(next[partition] ?? 0, Number(batch.lastOffset()) + 1)
    if (state !== before) changed$.next(partition)
    for (const each of waiting)
      if (each.slot === partition && each.offset < (next[partition] ?? 0)) {
        waiting.delete(each)
        each.resolve()
      }
  }
  const reached = (slot: Slot, offset: number): Promise<void> => {
    if (offset < (next[slot] ?? 0)) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.add({ slot, offset, resolve })
    return promise
  }

  const consumer = kafka.consumer({
    groupId: `${workersGroup(names)}.view.${randomUUID()}`,
    maxWaitTimeInMs: IDLE_FETCH_MS,
    retry: { restartOnFailure: async () => true },
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch: async (payload) => take(payload) })
    await Promise.all(ends.map(({ partition, high }) => reached(partition, Number(high) - 1)))
  } catch (error) {
    await close(consumer)
    throw error
  }
  return {
    slots,
    changed$,
    reached,
    close: async () => {
      changed$.complete()
      await close(consumer)
    },
  }
}

const close = (consumer: Consumer): Promise<void> => consumer.disconnect().catch(() => undefined)
