import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../../src/metrics.ts'
import { openKafka } from '../../../src/sinks/kafka/kafka-sink.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'
import { rollcall } from '../../integration/rollcall.ts'
import { type Broker, hasKafka, readTopics, startBroker } from '../../support/kafka/broker.ts'
import { type HangingProxy, startHangingProxy } from '../../support/kafka/hanging-proxy.ts'
import { frameEvent, personCreated } from '../events.ts'

const open = async (settings: object, directory: string) => {
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

describe.skipIf(!hasKafka)('a broker that answers some requests and hangs at others', () => {
  let broker: Broker
  let proxy: HangingProxy
  let n = 0
  beforeAll(async () => {
    proxy = await startHangingProxy()
    broker = await startBroker(proxy)
  }, 120_000)
  afterAll(async () => {
    proxy?.close()
    await broker?.close()
  })
  const setting = () => {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-kafka-hanging-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const topicPrefix = `h${n++}.`
    const read = async () => {
      const messages = await readTopics(
        broker.plain,
        ['frames', 'people'].map((topic) => `${topicPrefix}${topic}.v1`),
      )
      return messages.map(({ headers }) => headers.ce_id).sort()
    }
    return { directory, read, settings: { brokers: [broker.proxied], topicPrefix } }
  }
  const events = (from: number) =>
    Array.from({ length: 20 }, (_, i) => [personCreated(`p${from + i}`, 'door'), frameEvent('door', from + i)]).flat()
  const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id).sort()

  test.each(['Produce', 'Metadata', 'ApiVersions', 'InitProducerId', 'CreateTopics'] as const)(
    'at %s: publishing goes on, a warning says so, and each event comes once it answers',
    async (kind) => {
      const { directory, read, settings } = setting()
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
    },
    60_000,
  )

  test('in the middle of the stream, and to the end: closing is in time, the next start sends the rest, none twice', async () => {
    const { directory, read, settings } = setting()
    proxy.swallow()
    const first = await open({ ...settings, requestTimeoutMs: 30_000 }, directory)
    await first.sink.publish(events(0))
    await expect.poll(first.waiting, { timeout: 20_000 }).toBe(0)
    const before = proxy.swallowed()
    proxy.swallow('Produce')
    await first.sink.publish(events(20))
    await expect.poll(() => proxy.swallowed(), { timeout: 20_000 }).toBeGreaterThan(before)
    const fromMs = performance.now()
    await first.sink.close()
    expect(performance.now() - fromMs).toBeLessThan(5000)
    expect(first.logged.join('\n')).toContain('kafka events stay on disk until the next start {"events":40}')
    proxy.swallow()
    const second = await open(settings, directory)
    await expect.poll(second.waiting, { timeout: 20_000 }).toBe(0)
    await second.sink.close()
    expect(await read()).toEqual(idsOf([...events(0), ...events(20)]))
  }, 60_000)

  test('the whole program: a warning at /readyz, an end in ten seconds, and the next start sends what waited', async () => {
    const { directory, settings } = setting()
    const config = {
      cameras: { door: { url: 'rtsp://127.0.0.1:1/', backoff: { firstMs: 200, maxMs: 400 } } },
      http: { port: 0 },
      state: { directory: null },
      sinks: {
        events: join(directory, 'events.jsonl'),
        kafka: { ...settings, requestTimeoutMs: 1000, spool: { directory: join(directory, 'spool') } },
      },
    }
    const file = join(directory, 'site.yaml')
    writeFileSync(file, JSON.stringify(config))
    proxy.swallow('Produce')
    const first = rollcall(['run', '--config', file])
    onTestFinished(() => first.kill('SIGKILL'))
    const url = await first.until('the address', () => /"url":"([^"]+)"/.exec(first.stderr())?.[1])
    const ready = async () => {
      const answer = await fetch(`${url}/readyz`)
      return { status: answer.status, ...((await answer.json()) as { reasons: string[]; warnings: string[] }) }
    }
    await expect
      .poll(ready, { timeout: 40_000, interval: 200 })
      .toMatchObject({ status: 200, warnings: [expect.stringMatching(/take no events .*wait on disk/)] })
    const fromMs = performance.now()
    first.kill('SIGTERM')
    expect(await first.exited, first.stderr()).toBe(0)
    expect(performance.now() - fromMs).toBeLessThan(10_000)
    const written = readFileSync(join(directory, 'events.jsonl'), 'utf8').trim().split('\n')
    const ids = written.map((line) => (JSON.parse(line) as { id: string }).id)

    proxy.swallow()
    const second = rollcall(['run', '--config', file])
    onTestFinished(() => second.kill('SIGKILL'))
    const topic = `${settings.topicPrefix}cameras.v1`
    const missing = async () => {
      const got = new Set((await readTopics(broker.plain, [topic])).map(({ headers }) => headers.ce_id))
      return ids.filter((id) => !got.has(id))
    }
    await second.until('it takes events', () => second.stderr().includes('kafka takes events'))
    await expect.poll(missing, { timeout: 20_000 }).toEqual([])
    second.kill('SIGTERM')
    expect(await second.exited).toBe(0)
  }, 120_000)
})
