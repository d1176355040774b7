import { Registry } from 'prom-client'
import { configSchema } from '../../src/config/config.ts'
import { createMetrics } from '../../src/metrics.ts'
import { silent } from '../../src/silent-log.ts'
import { openKafka } from '../../src/sinks/kafka/kafka-sink.ts'
import type { KafkaTarget } from '../../src/sinks/kafka/options.ts'
import { numberedEvent } from './numbered-events.ts'

/** The sink in a process of its own, to be killed: publishes events FROM … TO − 1 and says which are safe. */
const [broker = '', topicPrefix = '', directory = '', from = '0', to = '0'] = process.argv.slice(2)
const kafka = { brokers: [broker], topicPrefix, retryMaxMs: 200, closeTimeoutMs: 60_000, spool: { directory } }
const { sinks } = configSchema.parse({ sinks: { kafka } })
const sink = await openKafka(sinks.kafka as KafkaTarget, {
  mayDrop: new Set(),
  metrics: createMetrics(new Registry()),
  log: silent,
  time: { nowMs: Date.now },
})
const batch = 25
for (let i = Number(from); i < Number(to); i += batch) {
  await sink.publish(Array.from({ length: Math.min(batch, Number(to) - i) }, (_, j) => numberedEvent(i + j)))
  process.stdout.write(`${Math.min(i + batch, Number(to))}\n`)
}
await sink.close()
