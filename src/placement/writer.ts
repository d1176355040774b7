import type { Kafka } from 'kafkajs'
import { ALL_REPLICAS, producerConfig } from '../kafka/producer.ts'
import type { Slot } from './assign.ts'
import { type Claim, encodeSlotValue, type Wanted } from './slots.ts'
import { type PlacementNames, wantedTopic } from './topic.ts'

/** One record for a slot; null takes away the camera that is wanted there. */
export type SlotRecord = { readonly slot: Slot } & (
  | { readonly key: 'wanted'; readonly value: Wanted | null }
  | { readonly key: 'claim'; readonly value: Claim }
)

/** Writes records of slots. */
export interface Writer {
  /** Resolves with the offset of each slot's record when all replicas have them. Rejects with what kafkajs throws. */
  write(records: readonly SlotRecord[]): Promise<ReadonlyMap<Slot, number>>
  close(): Promise<void>
}

/** Opens a producer for the topic of wanted cameras. What is sent again after a lost answer is written once. */
export const openWriter = async (kafka: Kafka, names: PlacementNames): Promise<Writer> => {
  const producer = kafka.producer({ ...producerConfig, idempotent: true })
  await producer.connect()
  return {
    write: async (records) => {
      const messages = records.map(({ slot, key, value }) => ({
        partition: slot,
        key,
        value: value === null ? null : encodeSlotValue(value),
      }))
      const answers = await producer.send({ topic: wantedTopic(names), acks: ALL_REPLICAS, messages })
      return new Map(answers.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]))
    },
    close: () => producer.disconnect().catch(() => undefined),
  }
}
