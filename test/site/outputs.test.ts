import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import type { PersonEvent } from '../../src/events/types.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openOutputs } from '../../src/site/outputs.ts'
import type { Log } from '../../src/types.ts'
import { frameEvent, personCreated } from '../sinks/events.ts'
import { eventually } from '../support/eventually.ts'
import { watchHeld } from '../support/held.ts'
import { silent } from './site.ts'

/** Real outputs as `config` says, and the sequences they say are delivered. */
const outputsOf = async (config: object, other: { lossless?: boolean; waitingDirectory?: string; log?: Log } = {}) => {
  const delivered: number[] = []
  const outputs = await openOutputs(configSchema.parse(config), {
    metrics: createMetrics(new Registry()),
    exposition: async () => '',
    log: silent,
    lossless: true,
    eventsBefore: null,
    aliases: () => new Map(),
    openSightings: () => [],
    resolve: (id) => id,
    nameOf: () => null,
    isDeleted: () => false,
    hasRules: () => false,
    cameras: () => [],
    people: () => [],
    ready: () => ({ ready: true, reasons: [], warnings: [] }),
    eventLog: null,
    waitingDirectory: directory(),
    onDelivered: (sequence) => delivered.push(sequence),
    onSinkGone: () => undefined,
    ...other,
  })
  onTestFinished(() => outputs.close().catch(() => undefined))
  const push = (...events: readonly Parameters<(typeof outputs.outboxes)[0]['push']>[0][number][]) =>
    Promise.all(outputs.outboxes.map((outbox) => outbox.push(events)))
  return { outputs, delivered, push }
}

const directory = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-outputs-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const person = (sequence: number): PersonEvent => {
  const event = personCreated(`p${sequence}`, 'door')
  return { ...event, data: { ...event.data, sequence } } as PersonEvent
}

test('webhooks are listed without the secrets in their paths, and are tested by name', async () => {
  const secret = `whsec_${'a'.repeat(43)}=`
  const { outputs } = await outputsOf({
    http: { port: 0 },
    sinks: { webhooks: { home: { url: 'http://127.0.0.1:1/hidden-token', secret, allow: ['127.0.0.1'] } } },
  })
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`${outputs.url}/api/webhooks${path}`, { method })
    return { status: response.status, text: await response.text() }
  }
  const listed = await ask('')
  expect(JSON.parse(listed.text).webhooks).toEqual([
    {
      name: 'home',
      origin: 'http://127.0.0.1:1',
      types: ['rules'],
      rules: null,
      waiting: 0,
      absence: null,
      deliveries: [],
    },
  ])
  expect(listed.text).not.toMatch(/hidden-token|whsec_/)
  const tested = await ask('/home/test', 'POST')
  expect([tested.status, JSON.parse(tested.text)]).toMatchObject([
    200,
    { isTaken: false, reason: expect.stringContaining('ECONNREFUSED') },
  ])
  expect((await ask('/nobody/test', 'POST')).status).toBe(400)
})

test('without sinks there are no outboxes, no address, and nothing to close', async () => {
  const { outputs, delivered, push } = await outputsOf({ http: { port: null } })
  expect([outputs.outboxes, outputs.url, outputs.webSocket]).toEqual([[], null, null])
  await push(person(1))
  await outputs.close()
  expect(delivered).toEqual([])
})

test('delivered is what every sink has: a slow one holds it back', async () => {
  const fifo = join(directory(), 'events')
  execFileSync('mkfifo', [fifo])
  const { outputs, delivered, push } = await outputsOf({ http: { port: 0 }, sinks: { events: fifo } })
  const reader = await open(fifo, 'r+')
  // More than a pipe holds.
  const big = frameEvent('door', 1)
  const events = [person(1), ...Array.from({ length: 300 }, () => big), person(2)]
  await push(...events)
  await push(person(3))
  expect(delivered.every((sequence) => sequence === 0)).toBe(true)
  let text = ''
  while (text.split('\n').length <= events.length + 1) {
    const { buffer, bytesRead } = await reader.read()
    text += buffer.toString('utf8', 0, bytesRead)
  }
  await outputs.close()
  await reader.close()
  expect(delivered.at(-1)).toBe(3)
  expect([...delivered].sort((a, b) => a - b)).toEqual(delivered)
})

test('what a sink refused comes again before what follows, and counts as delivered only then', async () => {
  const root = directory()
  const kept = join(root, 'spool/kept')
  const { delivered, push, outputs } = await outputsOf({
    http: { port: null },
    sinks: { kafka: { brokers: ['127.0.0.1:1'], spool: { directory: join(root, 'spool') }, closeTimeoutMs: 0 } },
  })
  rmSync(kept, { recursive: true })
  await push(person(1))
  await push(person(2))
  await eventually(() => expect(outputs.outboxes[0]?.failure()).toMatch(/ENOENT/))
  expect(delivered).toEqual([])
  mkdirSync(kept)
  await push(person(3))
  await eventually(() => expect(delivered.at(-1)).toBe(3))
  const spooled = readdirSync(kept).filter((name) => name.endsWith('.log'))
  const text = spooled.map((name) => readFileSync(join(kept, name), 'latin1')).join('')
  expect([...text.matchAll(/"sequence":(\d+)/g)].map(([, sequence]) => sequence)).toEqual(['1', '2', '3'])
})

test('webhooks and a broker that are away hold up no other sink, and what waits is on disk', async () => {
  const root = directory()
  const file = join(root, 'events.jsonl')
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  const given = {
    http: { port: 0 },
    sinks: {
      events: file,
      mqtt: { broker: 'mqtt://127.0.0.1:1', people: 'all' },
      webhooks: {
        one: { url: 'http://127.0.0.1:1/', secret, allow: ['127.0.0.1'], types: ['people'] },
        two: { url: 'http://127.0.0.1:1/', secret, types: ['people'] },
      },
    },
  }
  const { delivered, push, outputs } = await outputsOf(given, { lossless: false, waitingDirectory: root })
  for (let sequence = 1; sequence <= 20; sequence++) await push(person(sequence))
  await eventually(() => expect(delivered.at(-1)).toBe(20))
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(20)
  const ready = async () => (await fetch(`${outputs.url}/readyz`)).json()
  await eventually(async () => {
    const { warnings } = (await ready()) as { warnings: string[] }
    expect(warnings.map((text) => text.replace(/\(.*\)/, '(…)')).sort()).toEqual([
      'sinks.mqtt: the broker takes no events (…); 20 wait on disk',
      'sinks.webhooks.one: it takes no events (…); 20 wait on disk',
      'sinks.webhooks.two: it takes no events (…); 20 wait on disk',
    ])
  })
  await outputs.close()
  for (const name of ['mqtt', 'webhooks/one', 'webhooks/two'])
    expect(readdirSync(join(root, name, 'kept')).some((entry) => entry.endsWith('.log'))).toBe(true)
})

test('directories of webhooks and of MQTT that are not configured any more are named', async () => {
  const waitingDirectory = directory()
  for (const name of ['mqtt', 'webhooks/home', 'webhooks/mqtt', 'webhooks/former'])
    mkdirSync(join(waitingDirectory, name), { recursive: true })
  const named: unknown[] = []
  const log = { ...silent, warn: (fields: object) => void named.push(fields) }
  const hook = { url: 'http://127.0.0.1:1/', secret: `whsec_${'a'.repeat(43)}=` }
  const config = { http: { port: null }, sinks: { webhooks: { home: hook, mqtt: hook } } }
  await outputsOf(config, { waitingDirectory, log })
  const former = ['mqtt', 'webhooks/former'].map((name) => ({ directory: join(waitingDirectory, name) }))
  expect(named).toEqual(former)
})

test('events that are not logged deliver nothing', async () => {
  const file = join(directory(), 'events.jsonl')
  const { outputs, delivered, push } = await outputsOf({ http: { port: null }, sinks: { events: file } })
  await push(frameEvent('door', 1))
  await outputs.close()
  expect(delivered).toEqual([])
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1)
})

test('a sink that cannot deliver at the end says so, and keeps neither the others nor the server open', async () => {
  const root = directory()
  mkdirSync(join(root, 'gone'))
  const held = watchHeld()
  const { outputs, push } = await outputsOf({
    http: { port: 0 },
    sinks: {
      events: join(root, 'gone/events.jsonl'),
      kafka: { brokers: ['127.0.0.1:1'], spool: { directory: join(root, 'spool') }, closeTimeoutMs: 0 },
    },
  })
  rmSync(join(root, 'gone'), { recursive: true })
  await push(person(1))
  outputs.finish()
  await expect(outputs.close()).rejects.toThrow(/1 could not be delivered: SINK: .*its directory does not exist/)
  await expect(fetch(`${outputs.url}/healthz`)).rejects.toThrow()
  expect(() => readFileSync(join(root, 'spool/lock'))).toThrow()
  expect(await held.extra()).toEqual([])
})

test('close twice is closed once', async () => {
  const { outputs } = await outputsOf({ http: { port: 0 } })
  expect(outputs.close()).toBe(outputs.close())
  await outputs.close()
})

test('an event is serialised once for all sinks', async () => {
  const root = directory()
  const kafka = { brokers: ['127.0.0.1:1'], spool: { directory: join(root, 'spool') }, closeTimeoutMs: 0 }
  const { outputs, push } = await outputsOf({ http: { port: 0 }, sinks: { events: join(root, 'events.jsonl'), kafka } })
  const stringify = vi.spyOn(JSON, 'stringify')
  onTestFinished(() => stringify.mockRestore())
  const events = [person(1), frameEvent('door', 1)]
  await push(...events)
  await outputs.close()
  for (const event of events) {
    const calls = stringify.mock.calls.filter(([value]) => value === event || value === event.data)
    expect(calls).toHaveLength(1)
  }
})
