import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudEvent, Kafka as KafkaBinding } from 'cloudevents'
import kafkajs from 'kafkajs'
import { Registry } from 'prom-client'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PersonEvent, RollcallEvent, Topic } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { type KafkaSink, openKafka } from '../../../src/sinks/kafka/kafka-sink.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'
import { hasKafka, readTopics, users } from '../../support/kafka/broker.ts'
import { type SharedBroker, sharedBroker } from '../../support/kafka/shared-broker.ts'
import { cameraEvent, frameEvent, frameFace, personCreated, ruleFired, sightingStarted } from '../events.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-kafka-sink-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const open = async (settings: object, nowMs = Date.now, isUsed: (topic: Topic) => boolean = () => true) => {
  const options = kafkaOptions.parse({ retryMaxMs: 200, closeTimeoutMs: 20_000, spool: { directory }, ...settings })
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const logged: string[] = []
  const write = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const sink = await openKafka(options as KafkaTarget, {
    mayDrop: new Set(['frames']),
    isUsed,
    metrics,
    log: { debug: write, info: write, warn: write, error: write },
    time: { nowMs },
  })
  const metric = async (name: string) =>
    (await registry.getSingleMetric(name)?.get())?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
  return { sink, logged, metric, registry }
}

const personDeleted = (person: string): PersonEvent => ({
  ...personCreated(person, 'door'),
  id: `deleted/${person}`,
  type: 'rollcall.person.deleted.v1',
  data: { person, sequence: 9, by: 'user' },
})

/** As it is made: `data` is the last attribute. */
const traced = ({ data, ...attributes }: PersonEvent): PersonEvent =>
  ({ ...attributes, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, data }) as PersonEvent

const sent = (sink: KafkaSink, metric: (name: string) => Promise<number>) =>
  expect
    .poll(
      async () => {
        sink.measure()
        return metric('rollcall_spool_events')
      },
      { timeout: 20_000 },
    )
    .toBe(0)

describe.skipIf(!hasKafka)('against Apache Kafka 4', () => {
  let broker: SharedBroker
  let n = 0
  let topicPrefix: string
  beforeAll(async () => {
    broker = await sharedBroker()
  }, 120_000)
  beforeEach(() => {
    topicPrefix = `t${n++}.`
  })
  const names = () => ['frames', 'sightings', 'people', 'cameras', 'rules'].map((topic) => `${topicPrefix}${topic}.v1`)

  test('each event goes to its topic under its key, as CloudEvents in binary mode', async () => {
    const { sink } = await open({ brokers: [broker.plain], topicPrefix })
    const events: RollcallEvent[] = [
      frameEvent('door', 1, [frameFace('p1', 0.1, 0.1, 0.2, 0.3)]),
      traced(personCreated('p1', 'door')),
      sightingStarted('p1', 'door', 40),
      cameraEvent({ camera: 'cafe', state: 'online', atMs: 1, reason: 'läuft' }),
      ruleFired('night', 'p1'),
    ]
    await sink.publish(events)
    await sink.close()
    await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK' })
    const messages = await readTopics(broker.plain, names())
    expect(messages).toHaveLength(5)
    for (const event of events) {
      const message = messages.find(({ headers }) => headers.ce_id === event.id)
      expect(message).toBeDefined()
      if (!message) return
      expect(message.key).toBe(event.partitionkey)
      const { key, value, headers } = message
      // The official library reads back what was published.
      const read = KafkaBinding.toEvent({ key, value, headers, body: value } as never) as CloudEvent
      expect(read.validate()).toBe(true)
      const data = typeof read.data === 'string' ? JSON.parse(read.data) : read.data
      expect({ ...read.toJSON(), data }).toMatchObject({ ...event })
    }
    expect(messages.map(({ topic }) => topic).sort()).toEqual(names().sort())
  })

  test('topics are created with their policy: people compacted', async () => {
    const { sink } = await open({ brokers: [broker.plain], topicPrefix, partitions: 2 })
    await sink.publish([frameEvent('door', 1)])
    await sink.close()
    const admin = new kafkajs.Kafka({ brokers: [broker.plain], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    const type = kafkajs.ConfigResourceTypes.TOPIC
    const resources = names().map((name) => ({ type, name, configNames: ['cleanup.policy'] }))
    const configs = await admin.describeConfigs({ includeSynonyms: false, resources })
    const policies = configs.resources.map(({ resourceName, configEntries }) => [
      resourceName,
      configEntries[0]?.configValue,
    ])
    expect(Object.fromEntries(policies)).toEqual(
      Object.fromEntries(names().map((name) => [name, name.includes('people') ? 'compact' : 'delete'])),
    )
    const { topics } = await admin.fetchTopicMetadata({ topics: names() })
    for (const topic of topics) expect(topic.partitions).toHaveLength(2)
    await admin.disconnect()
  })

  test('a deleted person: the event, then a tombstone of the same key', async () => {
    const { sink } = await open({ brokers: [broker.plain], topicPrefix })
    await sink.publish([personCreated('p1', 'door'), personDeleted('p1')])
    await sink.close()
    const messages = await readTopics(broker.plain, [`${topicPrefix}people.v1`])
    expect(messages.map(({ key, value }) => [key, value === null ? null : JSON.parse(value).sequence])).toEqual([
      ['p1', 1],
      ['p1', 9],
      ['p1', null],
    ])
  })

  test('an event that is too large for the broker is set aside and does not hold up the others', async () => {
    const { sink, metric, logged } = await open({
      brokers: [broker.plain],
      topicPrefix,
      compression: 'none',
      lingerMs: 50,
    })
    const huge = cameraEvent({ camera: 'huge', state: 'offline', atMs: 1, reason: 'x'.repeat(1_200_000) })
    const events = Array.from({ length: 20 }, (_, i) =>
      cameraEvent({ camera: 'c', state: 'online', atMs: i, reason: '' }),
    )
    await sink.publish([...events.slice(0, 10), huge, ...events.slice(10)])
    await sent(sink, metric)
    expect(sink.reasons()).toEqual([])
    expect(await metric('rollcall_kafka_refused_messages_total')).toBe(1)
    await sink.close()
    const messages = await readTopics(broker.plain, [`${topicPrefix}cameras.v1`])
    const ids = [...new Set(messages.map(({ headers }) => headers.ce_id))]
    expect(ids).toEqual(events.map(({ id }) => id))
    const [line = ''] = (await readFile(join(directory, 'dead-letters.jsonl'), 'utf8')).split('\n')
    expect(JSON.parse(line)).toMatchObject({ topic: 'cameras', key: 'huge', headers: { ce_id: huge.id } })
    expect(JSON.parse(JSON.parse(line).value)).toEqual(huge.data)
    expect(logged.filter((each) => each.includes('set aside'))).toHaveLength(1)
  })

  const clocks: [string, number][] = [
    ['two days ahead', Date.now() + 172_800_000],
    ['two hours ahead', Date.now() + 7_200_000],
    ['in the year 292,278', 9.2e15],
    ['before 1970', -3_600_000],
    ['broken', Number.NaN],
  ]
  test.each(clocks)('our clock is %s: no event is set aside for that', async (_, nowMs) => {
    const { sink, metric, logged } = await open({ brokers: [broker.plain], topicPrefix }, () => nowMs)
    const events = [personCreated('p1', 'door'), personDeleted('p1'), personCreated('p2', 'door')]
    for (const event of events) await sink.publish([event])
    await sent(sink, metric)
    await sink.close()
    const messages = await readTopics(broker.plain, [`${topicPrefix}people.v1`])
    const eventsOnly = messages.filter(({ value }) => value !== null)
    expect(new Set(eventsOnly.map(({ headers }) => headers.ce_id))).toEqual(new Set(events.map(({ id }) => id)))
    for (const { headers } of eventsOnly)
      expect(headers.ce_time).toBe(events.find(({ id }) => id === headers.ce_id)?.time)
    expect(messages.every(({ atMs }) => atMs === -1)).toBe(true)
    expect(await metric('rollcall_kafka_refused_messages_total')).toBe(0)
    const isRefused = nowMs >= 0
    expect(logged.filter((line) => line.includes('time of our clock'))).toHaveLength(isRefused ? 1 : 0)
    expect((await metric('rollcall_kafka_untimed_messages_total')) > 0).toBe(isRefused)
  })

  test('records have the time of our clock when the broker takes it', async () => {
    const nowMs = Date.now() - 5000
    const { sink } = await open({ brokers: [broker.plain], topicPrefix }, () => nowMs)
    await sink.publish([personCreated('p1', 'door')])
    await sink.close()
    const [message] = await readTopics(broker.plain, [`${topicPrefix}people.v1`])
    expect(message?.atMs).toBe(nowMs)
  })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('logs in over TLS with %s', async (mechanism) => {
    const { sink, logged } = await open({
      brokers: [broker.secure],
      topicPrefix,
      tls: { enabled: true, ca: broker.ca },
      sasl: { mechanism, username: 'rollcall', password: users.rollcall },
    })
    await sink.publish([personCreated('p1', 'door')])
    await sink.close()
    expect(await readTopics(broker.plain, [`${topicPrefix}people.v1`])).toHaveLength(1)
    expect(logged.join('\n')).not.toContain(users.rollcall)
  })

  const refusals: [string, object, RegExp][] = [
    ['a wrong password', { username: 'rollcall', password: 'wr0ng-passw0rd' }, /uthentication/],
    ['a user who may nothing', { username: 'guest', password: users.guest }, /rollcall|authorized|no topic/i],
  ]
  test.each(refusals)('%s fails readiness, says so once, and shows no password', async (_, login, why) => {
    const { sink, logged, registry } = await open({
      brokers: [broker.secure],
      topicPrefix,
      closeTimeoutMs: 0,
      tls: { enabled: true, ca: broker.ca },
      sasl: { mechanism: 'scram-sha-256', ...login },
    })
    await sink.publish([personCreated('p1', 'door')])
    await expect.poll(() => sink.reasons(), { timeout: 20_000 }).toEqual([expect.stringMatching(why)])
    await expect
      .poll(() => logged.filter((each) => each.startsWith('kafkajs')).length, { timeout: 20_000 })
      .toBeGreaterThan(2)
    expect(logged.filter((each) => each.startsWith('kafka takes no events'))).toHaveLength(1)
    const reasons = sink.reasons().join()
    await sink.close()
    const everything = [...logged, reasons, await registry.metrics()].join('\n')
    expect(everything).not.toContain((login as { password: string }).password)
  })

  test('topics that are missing and must not be created are one clear error; the events wait', async () => {
    const { sink, logged } = await open({
      brokers: [broker.plain],
      topicPrefix,
      createTopics: false,
      closeTimeoutMs: 0,
    })
    await sink.publish([personCreated('p1', 'door')])
    await expect
      .poll(() => sink.reasons(), { timeout: 20_000 })
      .toEqual([
        expect.stringMatching(/there is no topic .*people\.v1.* Create: kafka-topics\.sh .*cleanup\.policy=compact/),
      ])
    expect(logged.filter((each) => each.startsWith('kafka takes no events'))).toHaveLength(1)
    await sink.close()
    const again = await open({ brokers: [broker.plain], topicPrefix })
    await again.sink.close()
    expect(await readTopics(broker.plain, [`${topicPrefix}people.v1`])).toHaveLength(1)
  })

  test('a topic that is missing and of which nothing comes is no error', async () => {
    const admin = new kafkajs.Kafka({ brokers: [broker.plain], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createTopics({ topics: names().flatMap((topic) => (topic.includes('rules') ? [] : { topic })) })
    await admin.disconnect()
    const settings = { brokers: [broker.plain], topicPrefix, createTopics: false }
    const { sink } = await open(settings, Date.now, (topic) => topic !== 'rules')
    await sink.publish([personCreated('p1', 'door')])
    await sink.close()
    expect(await readTopics(broker.plain, [`${topicPrefix}people.v1`])).toHaveLength(1)
  })
})

test('a broker that is away holds nobody up, and its events are on disk for the next start', async () => {
  const settings = { brokers: ['127.0.0.1:1'], closeTimeoutMs: 0 }
  const { sink, logged } = await open(settings)
  for (let seq = 0; seq < 50; seq++) await sink.publish([frameEvent('door', seq), personCreated(`p${seq}`, 'door')])
  await expect.poll(() => logged.filter((each) => each.startsWith('kafka is away')).length).toBe(1)
  // Nothing that a person has to change: it is fit to run.
  expect(sink.reasons()).toEqual([])
  await sink.close()
  const again = await open(settings)
  again.sink.measure()
  expect(await again.metric('rollcall_spool_events')).toBe(100)
  await again.sink.close()
})

test('a full spool fails readiness and counts what it drops', async () => {
  const spool = { directory, maxBytes: 65_536 }
  const { sink, metric, logged } = await open({ brokers: ['127.0.0.1:1'], closeTimeoutMs: 0, spool })
  for (let seq = 0; seq < 300; seq++) await sink.publish([frameEvent('door', seq)])
  expect(sink.reasons()).toEqual(['sinks.kafka: the spool is full'])
  const dropped = await metric('rollcall_spool_dropped_events_total')
  sink.measure()
  expect(dropped).toBeGreaterThan(0)
  expect(logged.filter((line) => line.startsWith('kafka spool'))).toEqual([
    'kafka spool is full: the oldest frame events are dropped {}',
  ])
  expect(dropped + (await metric('rollcall_spool_events'))).toBe(300)
  await sink.close()
})

test('a disk that fails: events about people are refused with what to do, frames are dropped and readiness says so', async () => {
  const { sink, metric, logged } = await open({ brokers: ['127.0.0.1:1'], closeTimeoutMs: 0 })
  await rm(join(directory, 'kept'), { recursive: true })
  await rm(join(directory, 'droppable'), { recursive: true })
  const both = [personCreated('p1', 'door'), frameEvent('door', 1)]
  await expect(sink.publish(both)).rejects.toMatchObject({
    code: 'SINK',
    message: expect.stringContaining('(ENOENT)'),
    remedy: expect.stringMatching(/Make .* a directory that can be written/),
  })
  await mkdir(join(directory, 'kept'))
  await sink.publish(both)
  expect(sink.reasons()).toEqual([expect.stringMatching(/sinks.kafka: SINK: .*ENOENT/)])
  for (let seq = 2; seq < 10; seq++) await sink.publish([frameEvent('door', seq)])
  expect(await metric('rollcall_spool_dropped_events_total')).toBe(9)
  await mkdir(join(directory, 'droppable'))
  await sink.publish(both)
  expect(sink.reasons()).toEqual([])
  sink.measure()
  expect(await metric('rollcall_spool_events')).toBe(3)
  expect(logged.filter((line) => line.startsWith('kafka spool'))).toEqual([
    expect.stringMatching(/^kafka spool cannot be written: frame events are dropped .*ENOENT/),
    'kafka spool has room again; so many frame events were dropped {"events":9}',
  ])
  await sink.close()
})
