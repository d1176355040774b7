import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs, { type Admin } from 'kafkajs'
import { Registry } from 'prom-client'
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../../src/metrics.ts'
import { openKafka } from '../../../src/sinks/kafka/kafka-sink.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'
import { eventually } from '../../support/eventually.ts'
import { hasKafka, readTopics, users } from '../../support/kafka/broker.ts'
import { type SharedBroker, sharedBroker } from '../../support/kafka/shared-broker.ts'
import { cameraEvent, personCreated, sightingStarted } from '../events.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

describe.skipIf(!hasKafka)('topics of Apache Kafka 4 that are not as they should be', () => {
  let directory: string
  let broker: SharedBroker
  let admin: Admin
  let n = 0
  let topicPrefix: string
  beforeAll(async () => {
    broker = await sharedBroker()
    admin = new kafkajs.Kafka({ brokers: [broker.plain], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    return () => admin.disconnect()
  }, 120_000)
  beforeEach(async () => {
    topicPrefix = `odd${n++}.`
    directory = await mkdtemp(join(tmpdir(), 'rollcall-kafka-sink-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const open = async (settings: object = {}) => {
    const options = kafkaOptions.parse({
      brokers: [broker.plain],
      topicPrefix,
      retryMaxMs: 200,
      closeTimeoutMs: 0,
      spool: { directory },
      ...settings,
    })
    const registry = new Registry()
    const logged: string[] = []
    const write = (fields: object, message: string) => {
      if (!message.startsWith('kafkajs')) logged.push(`${message} ${JSON.stringify(fields)}`)
    }
    const sink = await openKafka(options as KafkaTarget, {
      mayDrop: new Set(['frames']),
      metrics: createMetrics(registry),
      log: { debug: write, info: write, warn: write, error: write },
      time: { nowMs: Date.now },
    })
    onTestFinished(() => sink.close())
    const waiting = async () => {
      sink.measure()
      return (
        (await registry.getSingleMetric('rollcall_spool_events')?.get())?.values.reduce(
          (sum, { value }) => sum + value,
          0,
        ) ?? 0
      )
    }
    const attempts = async () =>
      (await registry.getSingleMetric('rollcall_kafka_failed_requests_total')?.get())?.values.reduce(
        (sum, { value }) => sum + value,
        0,
      ) ?? 0
    return { sink, logged, waiting, attempts }
  }
  const name = (topic: string) => `${topicPrefix}${topic}.v1`

  /** Lets the user guest do something with topics. */
  const allow = (topics: readonly string[], operation: number) =>
    admin.createAcls({
      acl: topics.map((resourceName) => ({
        resourceType: AclResourceTypes.TOPIC,
        resourceName,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: 'User:guest',
        host: '*',
        operation,
        permissionType: AclPermissionTypes.ALLOW,
      })),
    })
  const idsIn = async (topics: readonly string[]) =>
    (await readTopics(broker.plain, topics)).map(({ headers }) => headers.ce_id)

  test('one topic that is denied is named once, and what the others have taken does not come again and again', async () => {
    const topics = ['frames', 'sightings', 'people', 'cameras', 'rules'].map(name)
    const others = topics.filter((topic) => topic !== name('sightings'))
    await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1 })) })
    await allow(topics, AclOperationTypes.DESCRIBE)
    await allow(others, AclOperationTypes.WRITE)
    const { sink, logged, waiting, attempts } = await open({
      brokers: [broker.secure],
      tls: { enabled: true, ca: broker.ca },
      sasl: { mechanism: 'scram-sha-256', username: 'guest', password: users.guest },
    })
    await sink.publish([
      personCreated('p1', 'door'),
      sightingStarted('p1', 'door', 40),
      personCreated('p2', 'door'),
      cameraEvent({ camera: 'c', state: 'online', atMs: 1, reason: '' }),
    ])
    await eventually(async () => expect(await attempts()).toBeGreaterThan(4))
    expect(sink.reasons()).toEqual([
      expect.stringMatching(`^sinks.kafka: topic ${name('sightings')}: Not authorized to access topics`),
    ])
    expect(logged.filter((line) => line.startsWith('kafka takes no events'))).toHaveLength(1)
    expect((await idsIn([name('people')])).length).toBeLessThan(5)
    await allow([name('sightings')], AclOperationTypes.WRITE)
    await eventually(async () => expect(await waiting()).toBe(0))
    expect(sink.reasons()).toEqual([])
    expect(new Set(await idsIn(topics))).toEqual(new Set(['created/p1', 'started/p1/40', 'created/p2', 'c/1']))
  })

  test('topics that are deleted and made anew, with other settings, get all that comes after; what is wrong is said once', async () => {
    const { sink, logged, waiting } = await open()
    const part = (from: number) => Array.from({ length: 50 }, (_, i) => personCreated(`p${from + i}`, 'door'))
    await sink.publish(part(0))
    await eventually(async () => expect(await waiting()).toBe(0))
    for (const numPartitions of [1, 5]) {
      await admin.deleteTopics({ topics: [name('people')] })
      // The broker hears of it later than the controller, and takes records for the old topic until then.
      await eventually(async () => expect(await admin.listTopics()).not.toContain(name('people')))
      await eventually(() => admin.createTopics({ topics: [{ topic: name('people'), numPartitions }] }))
      await sink.publish(part(100 * numPartitions))
      await eventually(async () => expect(await waiting()).toBe(0))
      const ids = await idsIn([name('people')])
      expect(new Set(ids)).toEqual(new Set(part(100 * numPartitions).map(({ id }) => id)))
    }
    expect(sink.reasons()).toEqual([])
    expect(logged.filter((line) => line.includes('not compacted'))).toHaveLength(1)
  })
})
