import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { createMetrics } from '../../src/metrics.ts'
import { createLedger } from '../../src/seam/ledger.ts'
import { openReceiver } from '../../src/seam/receiver.ts'
import type { SeamRecord } from '../../src/seam/record.ts'
import { openSender } from '../../src/seam/sender.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import { startVision } from '../../src/site/vision-role.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'
import { partOf } from '../support/footage.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { watchedLog } from '../support/restarts.ts'
import { type OtlpSpan, openCollector } from '../telemetry/collector.ts'
import { aboutPeople, countOf, facesOfStory, framesIn, identityRole, seamOn, sending, site } from './identity-role.ts'

describe.skipIf(!hasKafka)('vision and identity on Kafka', () => {
  test('a vision process sends what its cameras see, each in order, and says how it is', async () => {
    const { plain } = await sharedBroker()
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-vision-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const seam = seamOn(plain)
    const collector = await openCollector()
    const gate = await partOf('gate', 10, 12, join(folder, 'gate.mp4'))
    const config = configSchema.parse({
      site,
      cameras: { gate },
      vision: { processes: 1 },
      batch: { window: 2 },
      http: { port: 0 },
      telemetry: { traces: { endpoint: collector.endpoint, sample: 1 } },
    })
    const role = await startVision(config, { seam, name: 'vision-a', log: watchedLog() })
    const records: SeamRecord[] = []
    const receiver = openReceiver(seamPlace(site, seam, silent), {
      ledger: createLedger([], () => performance.now()),
      isKept: false,
      take: (_, record) => void records.push(record),
      room: () => null,
      onFatal: (error) => expect.unreachable(String(error)),
      metrics: createMetrics(new Registry()),
      log: silent,
    })
    onTestFinished(() => receiver.close())
    const states = () => records.flatMap(({ what }) => (what.type === 'change' ? what.change.state : []))
    await eventually(() => expect(states()).toEqual(['opening', 'online', 'ended']))
    expect((await fetch(`${role.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${role.url}/metrics`)).text()).toContain(
      'rollcall_seam_sent_records_total{camera="gate"',
    )
    role.stop()
    await role.done
    expect(records.map(({ number }) => number)).toEqual(records.map((_, i) => i + 1))
    const frames = records.flatMap(({ what }) => (what.type === 'faces' ? what.faces : []))
    expect(frames.length, 'more than its credit').toBeGreaterThan(config.batch.window)
    const traced = collector.spans.filter(({ name }) => name === 'frame')
    const named = ({ traceId, spanId }: OtlpSpan): string => `00-${traceId}-${spanId}-01`
    expect(frames.map(({ traceparent }) => traceparent)).toEqual(traced.map(named))
    const embedded = frames.flatMap(({ faces }) => faces.flatMap(({ embedding }) => embedding ?? []))
    expect(new Set(embedded.map(({ length }) => length))).toEqual(new Set([128]))
  })

  test('an identity process that is killed goes on as one that was not, and repeats change nothing', async () => {
    const { plain } = await sharedBroker()
    const faces = facesOfStory()
    const half = faces.length >> 1

    const steady = seamOn(plain)
    const undisturbed = identityRole(steady)
    undisturbed.start()
    await (await sending(steady, 'vision-a', 1)).send(faces)
    await eventually(() => expect(framesIn(undisturbed.events())).toBe(faces.length))
    const expected = aboutPeople(undisturbed.events())
    await undisturbed.kill()
    expect(expected.filter((line) => line.includes('rollcall.person.created.v1'))).toHaveLength(7)

    const seam = seamOn(plain, { sealingKey: randomBytes(32).toString('base64') })
    const role = identityRole(seam)
    role.start()
    const vision = await sending(seam, 'vision-a', 2)
    await vision.say({ camera: 'door', state: 'overloaded', atMs: Date.now(), reason: 'too slow' })
    await vision.send(faces.slice(0, half))
    await eventually(() => expect(framesIn(role.events())).toBeGreaterThan(half / 2))
    await role.kill()
    await vision.send(faces.slice(half))
    // A process that no longer has the cameras, and one that has sent all of this before.
    const zombie = await sending(seam, 'vision-z', 1)
    await zombie.send(faces.slice(-10).map((each) => ({ ...each, stream: 'zombie' })))
    const strange = await sending(seam, 'vision-m', 9, 'ab'.repeat(32))
    await strange.send(faces.slice(0, 1))
    await vision.say({ camera: 'attic', state: 'online', atMs: Date.now(), reason: 'it sends' })
    role.start()
    await eventually(() => expect(role.events().has([...undisturbed.events().keys()].at(-1) ?? '')).toBe(true))
    expect(aboutPeople(role.events())).toEqual(expected)
    expect(countOf('rollcall.camera.overloaded.v1', role.events()), 'taken once').toBe(1)
    expect(await role.stop()).toBe(0)
    expect(role.said()).toContain('embedded with another model')
    expect(role.said()).toContain('has no such camera')

    const stranger = identityRole(seam)
    stranger.start()
    expect(await stranger.over()).toBe(1)
    expect(stranger.said()).toContain('belong to the people of another state directory')
  })

  test('a topic that was made anew is read from its beginning, and what is no record is left out and counted', async () => {
    const { plain } = await sharedBroker()
    const seam = seamOn(plain)
    const place = seamPlace(site, seam, silent)
    const admin = place.kafka.admin()
    await admin.connect()
    onTestFinished(() => admin.disconnect())
    const ledger = createLedger([], () => performance.now())
    const metrics = createMetrics(new Registry())
    const taken: string[] = []
    const read = () =>
      openReceiver(place, {
        ledger,
        isKept: false,
        take: (offset, record) => {
          ledger.note(offset, record)
          taken.push(`${record.epoch}/${record.number}`)
        },
        room: () => null,
        onFatal: (error) => expect.unreachable(String(error)),
        metrics,
        log: silent,
      })
    const online = { camera: 'door', state: 'online', atMs: 1, reason: 'it sends' } as const
    const first = await sending(seam, 'vision-a', 1)
    for (let i = 0; i < 3; i++) await first.say(online)
    const producer = place.kafka.producer()
    await producer.connect()
    await producer.send({ topic: place.topic, messages: [{ key: 'door', value: 'nonsense' }] })
    await producer.disconnect()
    await first.say(online)
    const before = read()
    await eventually(() => expect(taken).toEqual(['1/1', '1/2', '1/3', '1/4']))
    const unreadable = async () =>
      (await metrics.seam.taken.get()).values.find(({ labels }) => labels.outcome === 'unreadable')
    expect((await unreadable())?.value).toBe(1)
    await before.close()
    await admin.deleteTopics({ topics: [place.topic] })
    await eventually(async () => expect(await admin.listTopics()).not.toContain(place.topic))
    await (await sending(seam, 'vision-b', 2)).say(online)
    const after = read()
    await eventually(() => expect(taken.at(-1)).toBe('2/1'))
    await after.close()
  })
})

test('while no broker is there changes of a camera do not grow without bound, and are counted', async () => {
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const place = seamPlace('site', seamOn('127.0.0.1:1'), silent)
  const sender = openSender(place, { owner: 'vision-a', embedder: '00', metrics, log: silent })
  for (let n = 0; n < 100; n++)
    sender.push({ camera: 'door', epoch: 1, what: { type: 'alive', state: 'offline', reason: `${n}` } }, () => {})
  await eventually(() => expect(sender.failure()).toMatch(/^seam.kafka: the brokers take no faces/))
  await sender.close(0)
  const dropped = (await metrics.drops.get()).values.find(({ labels }) => labels.stage === 'seam')
  expect(dropped?.value).toBeGreaterThan(80)
})
