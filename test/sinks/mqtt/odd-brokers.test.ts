import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { PersonEvent } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { createHealth } from '../../../src/sinks/mqtt/health.ts'
import { openMqtt } from '../../../src/sinks/mqtt/mqtt-sink.ts'
import { type MqttTarget, mqttOptions } from '../../../src/sinks/mqtt/options.ts'
import type { Log, Person } from '../../../src/types.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { eventually } from '../../support/eventually.ts'
import { personCreated, ruleFired } from '../events.ts'
import { startBroker } from './broker.ts'

const person = (id: string): Person => ({
  id,
  name: id,
  archived: false,
  createdAtMs: 0,
  lastSeenAtMs: 0,
  lastCamera: 'door',
  tracks: 1,
  faces: 1,
})

const logTo = (lines: string[]): Log => {
  const note = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${'error' in fields ? String(fields.error) : ''}`.trim())
  return { debug: () => undefined, info: note('info'), warn: note('warn'), error: note('error') }
}

const open = async (
  broker: string,
  directory = temporaryDirectory(),
  people: Person[] = [person('ada'), person('bo')],
) => {
  const lines: string[] = []
  const sink = await openMqtt(mqttOptions.parse({ broker, discoveryPrefix: null }) as MqttTarget, {
    site: 'home',
    state: () => ({ cameras: [], people, openSightings: [] }),
    nameOf: (id) => id,
    isDeleted: () => false,
    directory,
    metrics: createMetrics(new Registry()),
    log: logTo(lines),
    time: { nowMs: () => 1_000_000 },
    everyMs: 20,
    acknowledgeWithinMs: 300,
  })
  onTestFinished(() => sink.close())
  return { sink, lines, people, directory }
}

const event = (id: string, n: number): PersonEvent => {
  const made = personCreated(id, 'door')
  return { ...made, id: `${id}/${n}`, data: { ...made.data, name: id, sequence: n } } as PersonEvent
}
const numbersIn = (texts: readonly string[]): string[] => texts.map((text) => JSON.parse(text).id)

test('a broker that closes on one message: what was before it does not come again and again, and it is said which, once', async () => {
  let mayFire = false
  const broker = await startBroker(undefined, (topic) => mayFire || !topic.includes('/rules/'))
  const { sink, lines } = await open(broker.url)
  await sink.publish([event('ada', 1), event('ada', 2), ruleFired('night', 'ada'), event('ada', 3)])
  await eventually(() => expect(sink.warnings().join()).toContain('with rollcall/home/rules/night not acknowledged'))
  expect(sink.waiting()).toBe(2)
  const before = broker.got.filter(({ topic }) => topic.includes('/events/')).length
  const connections = broker.on('rollcall/home/status').length
  await eventually(() => expect(broker.on('rollcall/home/status').length).toBeGreaterThan(connections + 4))
  expect(broker.got.filter(({ topic }) => topic.includes('/events/'))).toHaveLength(before)
  expect(lines.length).toBeLessThan(4)
  mayFire = true
  await eventually(() => expect(sink.waiting()).toBe(0))
  expect([...new Set(numbersIn(broker.on('rollcall/home/events/people')))]).toEqual(['ada/1', 'ada/2', 'ada/3'])
})

test.each([
  ['nothing at all', ''],
  ['no event', '/events/'],
])('a broker that acknowledges %s is said to take no events, and does not hold up the end', async (_, part) => {
  let isStuck = true
  const broker = await startBroker(undefined, (topic) => (isStuck && topic.includes(part) ? null : true))
  const first = await open(broker.url)
  await first.sink.publish([event('ada', 1)])
  await eventually(() => expect(first.sink.warnings().join()).toContain('no acknowledgement in 0.3 s'))
  const from = performance.now()
  await first.sink.close()
  expect(performance.now() - from).toBeLessThan(4500)
  isStuck = false
  const second = await open(broker.url, first.directory)
  await eventually(() => expect(second.sink.waiting()).toBe(0))
  expect(numbersIn(broker.on('rollcall/home/events/people'))).toContain('ada/1')
})

test('a disk that does not take the list of what is retained holds up no event', async () => {
  const broker = await startBroker()
  const { sink, lines, people, directory } = await open(broker.url)
  await eventually(() => expect(broker.retained.has('rollcall/home/people/bo/name')).toBe(true))
  // A folder in its place cannot be replaced by a file, whoever we are.
  const list = join(directory, 'retained.json')
  rmSync(list)
  mkdirSync(join(list, 'in the way'), { recursive: true })
  people.push(person('eve'))
  await sink.publish([event('eve', 1)])
  await eventually(() => expect(sink.reasons().join()).toContain('what is retained cannot be noted'))
  await eventually(() => expect(sink.waiting()).toBe(0))
  expect(sink.warnings()).toEqual([])
  expect(broker.retained.has('rollcall/home/people/eve/name')).toBe(false)
  rmSync(list, { recursive: true })
  await eventually(() => expect(broker.retained.has('rollcall/home/people/eve/name')).toBe(true))
  expect(sink.reasons()).toEqual([])
  expect(existsSync(list)).toBe(true)
  await eventually(() => expect(lines.filter((line) => line.includes('retained'))).toHaveLength(2))
})

test('a deletion is told, however long after nothing of the person is retained any more: a full disk, a restart', async () => {
  const broker = await startBroker()
  const first = await open(broker.url)
  await eventually(() => expect(broker.retained.has('rollcall/home/people/bo/name')).toBe(true))
  first.people.splice(0)
  await eventually(() => expect(broker.retained.has('rollcall/home/people/bo/name')).toBe(false))
  const deletion = (id: string) =>
    ({
      ...event(id, 2),
      type: 'rollcall.person.deleted.v1',
      data: { person: id, sequence: 2, by: 'user' },
    }) as PersonEvent
  await first.sink.publish([deletion('ada')])
  await eventually(() => expect(numbersIn(broker.on('rollcall/home/events/people'))).toEqual(['ada/2']))
  await first.sink.close()
  const second = await open(broker.url, first.directory, [])
  await eventually(() => expect(broker.retained.get('rollcall/home/status')).toBe('online'))
  await second.sink.publish([deletion('bo'), deletion('stranger'), deletion('ada')])
  await eventually(() => expect(second.sink.waiting()).toBe(0))
  expect(numbersIn(broker.on('rollcall/home/events/people'))).toEqual(['ada/2', 'bo/2'])
})

test('one connection that is lost is said twice, one that is lost again and again not more often', () => {
  const lines: string[] = []
  let nowMs = 0
  const health = createHealth(logTo(lines), () => nowMs)
  health.opened()
  health.taken()
  nowMs = 60_000
  health.lost(new Error('gone'))
  expect(health.retryMs()).toBe(200)
  health.opened()
  health.taken()
  expect(lines).toEqual(['warn mqtt takes no events; they wait on disk gone', 'info mqtt takes events again'])
  for (let n = 0; n < 100; n++) {
    nowMs += 1000
    health.lost(new Error('taken over'))
    health.opened()
    health.taken()
  }
  expect(health.retryMs()).toBe(10_000)
  expect(lines).toHaveLength(3)
  nowMs += 10_000
  health.taken()
  expect(lines.slice(3)).toEqual(['info mqtt takes events again'])
})
