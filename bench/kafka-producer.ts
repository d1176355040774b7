/** A child process of the Kafka benchmark: Rollcall's outbox and sink, or the bare client, which sends equal messages. */
import { rm } from 'node:fs/promises'
import kafkajs from 'kafkajs'
import { Registry } from 'prom-client'
import type { FrameEvent, RollcallEvent } from '../src/events/types.ts'
import { ALL_REPLICAS, producerConfig } from '../src/kafka/producer.ts'
import { createMetrics } from '../src/metrics.ts'
import { openKafka } from '../src/sinks/kafka/kafka-sink.ts'
import { headersOf } from '../src/sinks/kafka/message.ts'
import { type KafkaTarget, kafkaOptions } from '../src/sinks/kafka/options.ts'
import { createOutbox } from '../src/sinks/outbox.ts'
import { clockMs, frameEvent } from './frame-events.ts'

export type Kind = 'rollcall' | 'bare'

export type ToProducer =
  | {
      readonly type: 'start'
      readonly kind: Kind
      readonly brokers: readonly string[]
      readonly topicPrefix: string
      readonly directory: string
    }
  | { readonly type: 'pace'; readonly eventsPerSecond: number; readonly durationMs: number }
  | { readonly type: 'burst'; readonly events: number }
  | { readonly type: 'usage' }
  | { readonly type: 'close' }

export type FromProducer =
  | { readonly type: 'started' | 'closed' }
  | { readonly type: 'sent'; readonly events: number }
  | { readonly type: 'usage'; readonly cpuMs: number }

interface Producer {
  readonly push: (events: readonly FrameEvent[]) => void
  readonly close: () => Promise<void>
}

const rollcall = async (options: KafkaTarget): Promise<Producer> => {
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: console.warn, error: console.error }
  const sink = await openKafka(options, {
    mayDrop: new Set(['frames']),
    metrics: createMetrics(new Registry()),
    log,
    time: { nowMs: Date.now },
  })
  const fail = (_: readonly RollcallEvent[], error: unknown): void => {
    throw error
  }
  const drop = () => {
    throw new Error('an event was dropped')
  }
  const outbox = createOutbox(sink, {
    capacity: 1e9,
    mayDrop: new Set(),
    kept: null,
    giveUpAfterMs: null,
    onDrop: drop,
    onFailure: fail,
    onGone: (error) => fail([], error),
    log,
  })
  return { push: (events) => void outbox.push(events), close: () => outbox.close() }
}

/** What a careful program does with kafkajs alone: it waits for the linger or a full batch, and sends one batch at a time. */
const bare = async (options: KafkaTarget): Promise<Producer> => {
  const kafka = new kafkajs.Kafka({ brokers: options.brokers, logLevel: kafkajs.logLevel.NOTHING })
  const producer = kafka.producer({ ...producerConfig, idempotent: true })
  await producer.connect()
  let waiting: FrameEvent[] = []
  let sending: Promise<void> | undefined
  const messageOf = (event: FrameEvent) => ({
    key: event.partitionkey,
    headers: headersOf(event),
    value: JSON.stringify(event.data),
  })
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (waiting.length < options.batchEvents) await new Promise((resolve) => setTimeout(resolve, options.lingerMs))
      const messages: ReturnType<typeof messageOf>[] = []
      for (let bytes = 0; messages.length < Math.min(options.batchEvents, waiting.length); ) {
        const message = messageOf(waiting[messages.length] as FrameEvent)
        bytes += message.value.length + 300
        if (bytes > options.batchBytes) break
        messages.push(message)
      }
      waiting = waiting.slice(messages.length)
      const topicMessages = [{ topic: `${options.topicPrefix}frames.v1`, messages }]
      await producer.sendBatch({ acks: ALL_REPLICAS, compression: kafkajs.CompressionTypes.GZIP, topicMessages })
    }
    sending = undefined
  }
  return {
    push: (events) => {
      waiting.push(...events)
      sending ??= send()
    },
    close: async () => {
      await sending
      await producer.disconnect()
    },
  }
}

let producer: Producer
let remove = async (): Promise<void> => undefined
const answer = (message: FromProducer): void => void process.send?.(message)

const pace = (eventsPerSecond: number, durationMs: number): void => {
  const startedAtMs = clockMs()
  let sent = 0
  const timer = setInterval(() => {
    const elapsedMs = Math.min(clockMs() - startedAtMs, durationMs)
    for (; sent < (elapsedMs / 1000) * eventsPerSecond; sent++) producer.push([frameEvent()])
    if (elapsedMs < durationMs) return
    clearInterval(timer)
    answer({ type: 'sent', events: sent })
  }, 2)
}

process.on('message', async (message: ToProducer) => {
  if (message.type === 'start') {
    const { kind, brokers, topicPrefix, directory } = message
    const options = kafkaOptions.parse({ brokers, topicPrefix, closeTimeoutMs: 60_000, spool: { directory } })
    producer = await (kind === 'rollcall' ? rollcall : bare)(options as KafkaTarget)
    remove = () => rm(directory, { recursive: true, force: true })
    answer({ type: 'started' })
  } else if (message.type === 'pace') pace(message.eventsPerSecond, message.durationMs)
  else if (message.type === 'burst') {
    producer.push(Array.from({ length: message.events }, frameEvent))
    answer({ type: 'sent', events: message.events })
  } else if (message.type === 'usage') {
    const { user, system } = process.cpuUsage()
    answer({ type: 'usage', cpuMs: (user + system) / 1000 })
  } else {
    await producer.close()
    await remove()
    answer({ type: 'closed' })
    process.disconnect()
  }
})
