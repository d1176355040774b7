import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { PersonEvent, RollcallEvent, SightingEvent } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { openMqtt } from '../../../src/sinks/mqtt/mqtt-sink.ts'
import { type MqttTarget, mqttOptions } from '../../../src/sinks/mqtt/options.ts'
import type { SiteState } from '../../../src/sinks/mqtt/state.ts'
import type { Person } from '../../../src/types.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { silent } from '../../site/site.ts'
import { eventually } from '../../support/eventually.ts'
import { personCreated, ruleFired } from '../events.ts'
import { startBroker } from './broker.ts'

const person = (id: string, name: string | null, lastSeenAtMs = 0): Person => ({
  id,
  name,
  archived: false,
  createdAtMs: 0,
  lastSeenAtMs,
  lastCamera: 'door',
  tracks: 1,
  faces: 1,
})

const sighting = (of: string, camera: string) => ({
  sighting: `${camera}/s/1/1`,
  person: of,
  camera,
  fromMs: 0,
  untilMs: 1000,
  frames: 3,
  tracks: ['t'],
  ended: false,
})

/** A site whose state can be changed, and its sink. */
const open = async (broker: string, given: object = {}, directory = temporaryDirectory(), state?: SiteState) => {
  const deleted = new Set<string>()
  const now = { state: state ?? { cameras: [], people: [], openSightings: [] } }
  const options = mqttOptions.parse({ broker, ...given }) as MqttTarget
  const sink = await openMqtt(options, {
    site: 'home',
    state: () => now.state,
    nameOf: (id) => now.state.people.find((one) => one.id === id)?.name ?? null,
    isDeleted: (id) => deleted.has(id),
    directory,
    metrics: createMetrics(new Registry()),
    log: silent,
    time: { nowMs: () => 1_000_000 },
    everyMs: 20,
  })
  onTestFinished(() => sink.close())
  return { sink, now, directory, deleted }
}

const named = (id: string, n: number): PersonEvent => {
  const made = personCreated(id, 'door')
  return { ...made, id: `${id}/${n}`, data: { ...made.data, name: id, sequence: n } } as PersonEvent
}
const started = (id: string): SightingEvent => ({
  ...personCreated(id, 'door'),
  id: `${id}/started`,
  type: 'rollcall.sighting.started.v1',
  data: { sighting: 's', person: id, camera: 'door', fromMs: 1, knownAtMs: 1, sequence: 1 },
})
const idsOn = (texts: readonly string[]): string[] => texts.map((text) => JSON.parse(text).id)

test('of somebody who is deleted while the broker is away nothing more is told but the deletion', async () => {
  const broker = await startBroker()
  const state = { cameras: [], people: [person('ada', 'Ada'), person('bo', 'Bo')], openSightings: [] }
  const { sink, deleted } = await open(broker.url, { people: 'all' }, undefined, state)
  await sink.publish([named('bo', 0)])
  await eventually(() => expect(sink.waiting()).toBe(0))
  await broker.kill()
  await sink.publish([named('ada', 1), ruleFired('night', 'ada'), named('bo', 1)])
  deleted.add('ada')
  const deletion = {
    ...named('ada', 2),
    type: 'rollcall.person.deleted.v1',
    data: { person: 'ada', sequence: 2, by: 'user' },
  }
  await sink.publish([deletion as PersonEvent])
  await broker.again()
  await eventually(() => expect(sink.waiting()).toBe(0))
  const told = broker.got.filter(({ topic }) => /\/(events|rules)\//.test(topic)).map(({ text }) => text)
  expect(new Set(idsOn(told))).toEqual(new Set(['bo/0', 'bo/1', 'ada/2']))
})

test('nothing is lost, everything in order, and repeats have equal IDs: connections cut, a broker killed, a sink that starts again', async () => {
  const broker = await startBroker()
  const people = [person('ada', 'Ada'), person('bo', 'Bo')]
  const state = { cameras: [], people, openSightings: [] }
  const first = await open(broker.url, {}, undefined, state)
  const part = (from: number, to: number): RollcallEvent[] =>
    Array.from({ length: to - from }, (_, i) => [named('ada', from + i), named('bo', from + i)]).flat()
  for (let n = 0; n < 300; n += 20) {
    await first.sink.publish(part(n, n + 20))
    if (n % 100 === 60) broker.cut()
  }
  await eventually(() => expect(broker.got.length).toBeGreaterThan(100))
  await broker.kill()
  await first.sink.publish(part(300, 400))
  await first.sink.close()
  const second = await open(broker.url, {}, first.directory, state)
  await second.sink.publish(part(400, 500))
  await broker.again()
  await eventually(() => expect(second.sink.waiting()).toBe(0))
  const expected = part(0, 500).map(({ id }) => id)
  const got = idsOn(broker.on('rollcall/home/events/people'))
  expect([...new Set(got)]).toEqual(expected)
  expect(broker.got.every(({ qos }) => qos === 1)).toBe(true)
})

test('people without a name do not leave: neither their IDs nor what they did, but how many they are', async () => {
  const broker = await startBroker()
  const state = {
    cameras: [{ camera: 'door', state: 'online' as const, atMs: 1, reason: 'pictures arrive' }],
    people: [person('p-secret', null)],
    openSightings: [sighting('p-secret', 'door')],
  }
  const { sink } = await open(broker.url, {}, undefined, state)
  await sink.publish([personCreated('p-secret', 'door'), started('p-secret'), ruleFired('night', 'p-secret')])
  await eventually(() => expect(broker.on('rollcall/home/rules/night')).toHaveLength(1))
  expect(broker.got.filter(({ topic, text }) => `${topic} ${text}`.includes('p-secret'))).toEqual([])
  expect(broker.retained.get('rollcall/home/cameras/door/people')).toBe('1')
  const [rule = ''] = broker.on('rollcall/home/rules/night')
  expect(JSON.parse(rule)).toMatchObject({ rule: 'night', when: 'arrives', camera: 'door', person: null, name: null })
})

test('what is so is retained, told again to a broker that has forgotten it, and taken back when it is no longer so', async () => {
  const broker = await startBroker()
  const camera = { camera: 'door', state: 'online' as const, atMs: 1, reason: 'pictures arrive' }
  const { now, directory, sink } = await open(broker.url, {}, undefined, {
    cameras: [camera],
    people: [person('ada', 'Ada', 900_000), person('bo', 'Bo', 100_000)],
    openSightings: [],
  })
  const of = (part: string) => broker.retained.get(`rollcall/home/${part}`)
  await eventually(() => expect([of('people/ada/presence'), of('people/bo/presence')]).toEqual(['home', 'not_home']))
  now.state = { ...now.state, openSightings: [sighting('bo', 'hall')], cameras: [{ ...camera, state: 'offline' }] }
  await eventually(() => expect([of('people/bo/presence'), of('people/bo/camera')]).toEqual(['home', 'hall']))
  expect([of('status'), of('cameras/door/state'), of('cameras/door/problem')]).toEqual(['online', 'offline', 'ON'])

  await broker.kill()
  await broker.again()
  await eventually(() => expect(of('people/ada/name')).toBe('Ada'))

  now.state = { ...now.state, people: [person('bo', 'Bo')] }
  await eventually(() => expect(of('people/ada/name')).toBeUndefined())
  const goodbyes = () => broker.on('rollcall/home/status').filter((text) => text === 'offline').length
  const before = goodbyes()
  await sink.close()
  expect(of('status')).toBe('offline')
  // Somebody is deleted while nothing runs.
  await open(broker.url, {}, directory, { cameras: [camera], people: [], openSightings: [] })
  await eventually(() => expect([...broker.retained.keys()].filter((topic) => /bo\b|person_/.test(topic))).toEqual([]))
  await eventually(() => expect(readFileSync(join(directory, 'retained.json'), 'utf8')).not.toContain('bo'))
  expect(goodbyes(), 'said by itself, and not by the will').toBe(before + 1)
})

test('Home Assistant is told of a device for each camera, and of the presence of named people', async () => {
  const broker = await startBroker()
  await open(broker.url, {}, undefined, {
    cameras: [{ camera: 'back.door', state: 'online', atMs: 1, reason: '' }],
    people: [person('p-1', 'Ada')],
    openSightings: [],
  })
  const config = (topic: string) => JSON.parse(broker.retained.get(`homeassistant/${topic}/config`) ?? '{}')
  await eventually(() => expect(config('binary_sensor/rollcall_home_person_p-1_presence').name).toBe('Ada'))
  expect(config('binary_sensor/rollcall_home_camera_back_door_problem')).toMatchObject({
    state_topic: 'rollcall/home/cameras/back.door/problem',
    availability_topic: 'rollcall/home/status',
    device_class: 'problem',
    unique_id: 'rollcall_home_camera_back_door_problem',
    device: { identifiers: ['rollcall_home_back_door'], name: 'back.door', via_device: 'rollcall_home' },
  })
  expect(config('sensor/rollcall_home_camera_back_door_people').state_class).toBe('measurement')
  const connected = config('binary_sensor/rollcall_home_connected')
  expect(connected).toMatchObject({ device_class: 'connectivity', device: { identifiers: ['rollcall_home'] } })
  expect(connected.availability_topic).toBeUndefined()
  expect(config('sensor/rollcall_home_person_p-1_camera').state_topic).toBe('rollcall/home/people/p-1/camera')
})

test('the broker says that Rollcall is gone when the connection is lost, and refuses a wrong login with its reason', async () => {
  const broker = await startBroker((_, password) => password !== 'wrong')
  await open(broker.url)
  await eventually(() => expect(broker.retained.get('rollcall/home/status')).toBe('online'))
  broker.cut()
  await eventually(() => expect(broker.on('rollcall/home/status')).toContain('offline'))

  const { sink } = await open(broker.url, { clientId: 'other', user: 'a', password: 'wrong' })
  await eventually(() =>
    expect(sink.warnings().join()).toMatch(
      /^sinks\.mqtt: the broker takes no events \(.*Not authorized\); 0 wait on disk$/,
    ),
  )
})

test.each([
  [{ broker: 'http://a:1' }, 'broker: expected mqtt://HOST:PORT or mqtts://HOST:PORT'],
  [{ broker: 'mqtt://a:b@c' }, 'broker: expected no user or password in it: there are user and password'],
  [{ topicPrefix: 'a/#' }, 'topicPrefix: expected the beginning of a topic, without +, # and spaces'],
  [{ topicPrefix: 'a/' }, 'topicPrefix: expected no / at its end'],
])('%j is one clear error', (given, expected) => {
  const { error } = mqttOptions.safeParse(given)
  expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([expected])
})
