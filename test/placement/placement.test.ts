import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { kafkaClient } from '../../src/kafka/client.ts'
import { openWantedCameras } from '../../src/placement/keep-wanted.ts'
import type { WantedAs } from '../../src/placement/slots.ts'
import type { WantedTopic } from '../../src/placement/topic.ts'
import { type KafkaTarget, kafkaOptions } from '../../src/sinks/kafka/options.ts'
import type { Log } from '../../src/types.ts'
import { eventually } from '../support/eventually.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { startWorkers } from './workers.ts'

let brokers: string
beforeAll(async () => {
  if (hasKafka) brokers = (await sharedBroker()).plain
})

const quiet = (): void => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const openSite = async (given: Partial<WantedTopic> = {}, to: Log = log) => {
  const site = randomUUID()
  const kafka = kafkaClient(kafkaOptions.parse({ brokers: [brokers] }) as KafkaTarget, log)
  const topic = { topicPrefix: 'rollcall.', site, slots: 16, createTopics: true, replicationFactor: null, ...given }
  const wanted = await openWantedCameras({ kafka, ...topic, log: to })
  return { site, wanted }
}

const keys = { url: 'rtsp://192.0.2.1/stream1', user: 'viewer', password: '${CAM_PASSWORD}' }
const cameras = (...names: readonly string[]) => new Map<string, WantedAs>(names.map((name) => [name, { keys }]))
const twelve = Array.from({ length: 12 }, (_, i) => `cam-${i}`)

/** Twelve cameras that are wanted at a site of their own, so that a test that is tried again begins anew. */
const openTwelve = async (sessionMs?: number) => {
  const { site, wanted } = await openSite()
  const workers = startWorkers(brokers, site, sessionMs)
  await wanted.keep(cameras(...twelve))
  return {
    wanted,
    workers,
    become: (counts: Readonly<Record<string, number>>) => eventually(() => expect(workers.counts()).toEqual(counts)),
    [Symbol.asyncDispose]: async () => {
      await workers[Symbol.asyncDispose]()
      await wanted.close()
    },
  }
}

describe.skipIf(!hasKafka)('cameras of a site', () => {
  it('are divided by capacity, and only those move that must; old owner first when one leaves or is killed', async () => {
    await using placed = await openTwelve()
    const { wanted, workers, become } = placed
    await workers.start('a')
    await become({ a: 12 })
    await workers.start('b')
    await become({ a: 6, b: 6 })
    expect(workers.opened()).toBe(12 + 6)
    await workers.start('c', 2)
    await become({ a: 3, b: 3, c: 6 })
    expect(workers.opened()).toBe(12 + 6 + 6)
    expect(workers.lines('c').find(({ what }) => what === 'open')?.password).toBe('of c')
    await eventually(() => expect(wanted.owners().size).toBe(12))
    await workers.end('b')
    await become({ a: 4, c: 8 })
    expect(workers.opened()).toBe(12 + 6 + 6 + 3)
    workers.signal('c', 'SIGKILL')
    await become({ a: 12 })
    expect(workers.opened()).toBe(12 + 6 + 6 + 3 + 8)
    expect(workers.overlaps()).toEqual([])
    await eventually(() => expect(new Set(wanted.owners().values())).toEqual(new Set(['a'])))
  })

  it('run on the least loaded worker when they are added; slots are used again; new keys open a camera anew where it is', async () => {
    await using placed = await openTwelve(60_000)
    const { wanted, workers, become } = placed
    await workers.start('a')
    await workers.start('c', 2)
    await become({ a: 4, c: 8 })
    const before = workers.opened()
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      expect(await wanted.keep(cameras(...twelve, name))).toEqual([])
      await eventually(() => expect(workers.has('c')).toContain(name))
      await become({ a: 4, c: 9 })
    }
    await wanted.keep(cameras(...twelve))
    await become({ a: 4, c: 8 })
    expect(workers.opened()).toBe(before + 5)
    const more = Array.from({ length: 5 }, (_, i) => `more-${i}`)
    expect(await wanted.keep(cameras(...twelve, ...more))).toEqual(['more-4'])
    await wanted.keep(cameras(...twelve))
    await become({ a: 4, c: 8 })
    const owners = wanted.owners()
    const opened = workers.opened()
    await wanted.keep(cameras(...twelve).set('cam-3', { keys: { ...keys, maxFps: 5 } }))
    await eventually(() => expect(workers.opened()).toBe(opened + 1))
    await become({ a: 4, c: 8 })
    await eventually(() => expect(wanted.owners()).toEqual(owners))
  })

  it('are opened after they are closed, when they are taken away and come back in another slot', async () => {
    await using placed = await openTwelve(60_000)
    const { wanted, workers, become } = placed
    await workers.start('a')
    await become({ a: 12 })
    const [first = '', ...others] = twelve
    await wanted.keep(cameras(...others))
    await wanted.keep(cameras(...others, 'between', first))
    await eventually(() => expect(workers.opened()).toBe(12 + 2))
    await wanted.keep(cameras(...twelve))
    await become({ a: 12 })
    expect(workers.overlaps()).toEqual([])
  })
})

describe.skipIf(!hasKafka)('a camera that a worker does not reach', () => {
  it('is given to another, and stays where there is none', async () => {
    const { site, wanted } = await openSite()
    await using workers = startWorkers(brokers, site, 60_000)
    await wanted.keep(cameras('far', 'near'))
    await workers.start('x', 1, 'far')
    await eventually(() => expect(workers.counts()).toEqual({ x: 2 }))
    await workers.start('y', 2)
    await eventually(() => expect(workers.has('y')).toContain('far'))
    expect(workers.overlaps()).toEqual([])
    await wanted.close()
  })
})

describe.skipIf(!hasKafka)('the topic of wanted cameras', () => {
  it('is made as seam.kafka says, or not at all', async () => {
    await expect(openSite({ createTopics: false })).rejects.toThrow('seam.kafka.createTopics is false')
    // The test's Kafka is one broker.
    await expect(openSite({ replicationFactor: 3 })).rejects.toThrow('the broker refuses to create it')
  })

  it('keeps its partitions when other slots are asked for later, which is said', async () => {
    const site = randomUUID()
    const said: object[] = []
    const warn = (fields: object): void => void said.push(fields)
    const open = (slots: number) => openSite({ site, slots }, { ...log, warn })
    await (await open(2)).wanted.close()
    expect(said).toEqual([])
    await (await open(4)).wanted.close()
    expect(said).toMatchObject([{ partitions: 2, cameraSlots: 4 }])
  })
})
