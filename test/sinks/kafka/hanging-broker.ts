import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { createMetrics } from '../../../src/metrics.ts'
import { openKafka } from '../../../src/sinks/kafka/kafka-sink.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'
import { type Broker, readTopics, startBroker } from '../../support/kafka/broker.ts'
import { type HangingProxy, type requests, startHangingProxy } from '../../support/kafka/hanging-proxy.ts'
import { frameEvent, personCreated } from '../events.ts'

/** A sink whose requests fail soon, with what it has logged and how many events wait on its disk. */
export const open = async (settings: object, directory: string) => {
  const options = kafkaOptions.parse({
    retryMaxMs: 200,
    requestTimeoutMs: 400,
    closeTimeoutMs: 300,
    spool: { directory },
    ...settings,
  })
  const registry = new Registry()
  const logged: string[] = []
  const write = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const sink = await openKafka(options as KafkaTarget, {
    mayDrop: new Set(['frames']),
    metrics: createMetrics(registry),
    log: { debug: () => undefined, info: write, warn: write, error: write },
    time: { nowMs: Date.now },
  })
  const waiting = async (): Promise<number> => {
    sink.measure()
    const metric = await registry.getSingleMetric('rollcall_spool_events')?.get()
    return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
  }
  return { sink, logged, waiting }
}

/** Forty events, whose numbers count from `from` on. */
export const events = (from: number) =>
  Array.from({ length: 20 }, (_, i) => [personCreated(`p${from + i}`, 'door'), frameEvent('door', from + i)]).flat()

/** Sorted. */
export const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id).sort()

/**
 * A broker behind a proxy, for the tests of a file. `setting` gives each test topics and a directory of its own, and
 * `read` for the IDs of all that came to the topics, sorted.
 */
export const useHangingBroker = () => {
  const opened: { broker?: Broker; proxy?: HangingProxy } = {}
  let n = 0
  beforeAll(async () => {
    opened.proxy = await startHangingProxy()
    opened.broker = await startBroker(opened.proxy)
  }, 120_000)
  afterAll(async () => {
    opened.proxy?.close()
    await opened.broker?.close()
  })
  return () => {
    const { broker, proxy } = opened
    if (!broker || !proxy) throw new Error('the broker has not started')
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-kafka-hanging-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const topicPrefix = `h${n++}.`
    const read = async () => {
      const topics = ['frames', 'people'].map((topic) => `${topicPrefix}${topic}.v1`)
      return (await readTopics(broker.plain, topics)).map(({ headers }) => headers.ce_id).sort()
    }
    return { broker, proxy, directory, read, settings: { brokers: [broker.proxied], topicPrefix } }
  }
}
type Setting = ReturnType<ReturnType<typeof useHangingBroker>>

/** Publishing goes on while the broker hangs at requests of that kind, a warning says so, and each event comes once it answers. */
export const expectToWait = async (
  kind: keyof typeof requests,
  { proxy, directory, read, settings }: Setting,
): Promise<void> => {
  proxy.swallow(kind)
  const { sink, logged, waiting } = await open(settings, directory)
  await sink.publish(events(0))
  await expect
    .poll(() => sink.warnings(), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^sinks.kafka: the brokers take no events .*; 40 events wait on disk$/)])
  // Nobody has to do anything about this program.
  expect(sink.reasons()).toEqual([])
  await sink.publish(events(20))
  expect(await waiting()).toBe(80)
  proxy.swallow()
  await expect.poll(waiting, { timeout: 20_000 }).toBe(0)
  expect(sink.warnings()).toEqual([])
  await sink.close()
  expect(await read()).toEqual(idsOf([...events(0), ...events(20)]))
  expect(logged.join('\n')).toContain('kafka is away')
}
