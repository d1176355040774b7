import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { PersonEvent, RuleEvent } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { webhookOptions } from '../../../src/sinks/webhook/options.ts'
import { openWebhook } from '../../../src/sinks/webhook/webhook-sink.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { randomFrom } from '../../identity/support/faces.ts'
import { silent } from '../../site/site.ts'
import { eventually } from '../../support/eventually.ts'
import { frameEvent, personCreated, ruleFired } from '../events.ts'
import { startReceiver } from './receiver.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`

const open = async (
  url: string,
  given: object = {},
  directory = temporaryDirectory(),
  nowMs: () => number = Date.now,
  isDeleted: (id: string) => boolean = () => false,
  elapsedMs: () => number = () => performance.now() + nowMs(),
) => {
  const registry = new Registry()
  const options = webhookOptions.parse({ url, secret, allow: ['127.0.0.1'], types: ['people', 'rules'], ...given })
  const sink = await openWebhook('home', options, {
    directory,
    isDeleted,
    metrics: createMetrics(registry),
    log: silent,
    time: { nowMs },
    elapsedMs,
  })
  onTestFinished(() => sink.close())
  return { sink, directory, registry, letters: join(directory, 'home/dead-letters.jsonl') }
}

/** Number `n` of a person's events. */
const event = (person: string, n: number): PersonEvent => {
  const made = personCreated(person, 'door')
  return { ...made, id: `${person}/${n}`, data: { ...made.data, sequence: n } } as PersonEvent
}

/** The numbers that came of each person, in the order in which they came first. */
const ordersIn = (taken: readonly { readonly event: { readonly id: string } }[]) => {
  const orders = new Map<string, number[]>()
  for (const id of new Set(taken.map(({ event: { id } }) => id))) {
    const [person = '', n] = id.split('/')
    orders.set(person, [...(orders.get(person) ?? []), Number(n)])
  }
  return orders
}

test('nothing is lost, each person in order, and repeats have equal IDs: a receiver that fails and is killed, a sink that starts again', async () => {
  const random = randomFrom(11)
  const receiver = await startReceiver(() => (random() < 0.3 ? 500 : 200))
  const first = await open(receiver.url, { retryMaxMs: 100 })
  const people = Array.from({ length: 40 }, (_, i) => `p-${i}`)
  const part = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => people.map((person) => event(person, from + i))).flat()

  await first.sink.publish(part(0, 10))
  await eventually(() => expect(receiver.taken.length).toBeGreaterThan(100))
  await receiver.kill()
  await first.sink.publish(part(10, 15))
  await first.sink.close()
  const second = await open(receiver.url, { retryMaxMs: 100 }, first.directory)
  await second.sink.publish(part(15, 20))
  await receiver.again()
  await eventually(() => expect(second.sink.waiting()).toBe(0))

  const orders = ordersIn(receiver.taken)
  expect(orders.size).toBe(people.length)
  for (const numbers of orders.values()) expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => i))
  const bodies = new Map<string, string>()
  for (const { id, body } of receiver.got) {
    expect(bodies.get(id) ?? body).toBe(body)
    bodies.set(id, body)
  }
  expect(bodies.size).toBe(people.length * 20)
  expect(existsSync(first.letters)).toBe(false)
})

test('only what it wants: types, topics, and of the rules those that are named', async () => {
  const receiver = await startReceiver(() => 200)
  const { sink } = await open(receiver.url, { types: ['rollcall.person.deleted.v1', 'rules'], rules: ['night'] })
  const fired = (rule: string): RuleEvent => ruleFired(rule, 'p-1')
  await sink.publish([frameEvent('door', 1), event('p-1', 1), fired('day'), fired('night')])
  await eventually(() => expect(sink.waiting()).toBe(0))
  expect(receiver.got.map(({ event: { id } }) => id)).toEqual([fired('night').id])
})

test('an event that is too old is a dead letter, with why; the next ones go on', async () => {
  let nowMs = 1_000_000
  const receiver = await startReceiver(({ event: { id } }) => (id === 'p-1/1' ? 422 : 200))
  const { sink, letters, registry } = await open(receiver.url, { retryMaxMs: 100 }, undefined, () => nowMs)
  await sink.publish([event('p-1', 1), event('p-1', 2), event('p-2', 1)])
  await eventually(() => expect(receiver.taken.map(({ event: { id } }) => id)).toEqual(['p-2/1']))
  nowMs += 86_400_000
  await eventually(() => expect(sink.waiting()).toBe(0))
  expect(receiver.taken.map(({ event: { id } }) => id)).toEqual(['p-2/1', 'p-1/2'])
  const dead = JSON.parse(readFileSync(letters, 'utf8'))
  expect(dead).toMatchObject({ reason: 'it answers 422', sinceMs: 1_000_000, atMs: nowMs, event: { id: 'p-1/1' } })
  expect(await registry.metrics()).toContain('rollcall_webhook_deliveries_total{webhook="home",outcome="dead"} 1')
})

test('of somebody who is deleted nothing more is posted but the deletion, and no dead letter stays', async () => {
  const deleted = new Set<string>()
  let status = 422
  let nowMs = 1_000_000
  const receiver = await startReceiver(() => status)
  const made = await open(
    receiver.url,
    { retryMaxMs: 100 },
    undefined,
    () => nowMs,
    (id) => deleted.has(id),
  )
  const { sink, letters, registry } = made
  await sink.publish([event('p-1', 1), event('p-2', 1)])
  await eventually(() => expect(receiver.got.length).toBeGreaterThan(1))
  nowMs += 86_400_000
  await eventually(() => expect(sink.waiting()).toBe(0))
  status = 503
  await sink.publish([event('p-1', 2), event('p-2', 2)])
  deleted.add('p-1')
  const deletion = {
    ...event('p-1', 3),
    type: 'rollcall.person.deleted.v1',
    data: { person: 'p-1', sequence: 3, by: 'user' },
  }
  await sink.publish([deletion as PersonEvent])
  const kept = readFileSync(letters, 'utf8').trimEnd().split('\n')
  expect(kept.map((line) => JSON.parse(line).event.id)).toEqual(['p-2/1'])
  status = 200
  await eventually(() => expect(sink.waiting()).toBe(0))
  expect(receiver.taken.map(({ event: { id } }) => id).sort()).toEqual(['p-1/3', 'p-2/2'])
  expect(await registry.metrics()).toContain('rollcall_webhook_deliveries_total{webhook="home",outcome="withdrawn"} 1')

  // Whoever was deleted while the webhook was not configured.
  await sink.close()
  deleted.add('p-2')
  appendFileSync(letters, '{"reason":"a crash has cut this about p-2')
  await open(receiver.url, {}, made.directory, undefined, (id) => deleted.has(id))
  expect(readFileSync(letters, 'utf8')).toBe('')
})

test('shows its last attempts, and posts a signed test past what waits', async () => {
  let status = 422
  const receiver = await startReceiver(() => status)
  const { sink } = await open(receiver.url, { retryMaxMs: 100 })
  await sink.publish([event('p-1', 1)])
  await eventually(() => expect(sink.deliveries().length).toBeGreaterThan(0))
  expect(sink.deliveries()[0]).toMatchObject({
    type: 'rollcall.person.created.v1',
    outcome: 'failed',
    reason: 'it answers 422',
  })
  expect(await sink.tryOut()).toMatchObject({ isTaken: false, reason: 'it answers 422' })
  status = 200
  expect(await sink.tryOut()).toMatchObject({ isTaken: true, reason: '' })
  const tested = receiver.got.filter(({ event: { type } }) => String(type) === 'rollcall.webhook.tested.v1')
  expect(tested.map(({ headers }) => String(headers['webhook-signature']).slice(0, 3))).toEqual(['v1,', 'v1,'])
  await eventually(() => expect(sink.deliveries()[0]).toMatchObject({ outcome: 'taken', reason: '' }))
  expect(JSON.stringify(sink.deliveries())).not.toContain('p-1')
})

test('an event that alone is refused again and again does not wait for a day', async () => {
  const receiver = await startReceiver(({ event: { id } }) => (id === 'p-1/1' ? 500 : 200))
  const { sink, letters } = await open(receiver.url, { retryMaxMs: 100 })
  await sink.publish([event('p-1', 1)])
  for (let n = 1; !existsSync(letters); n++) {
    await sink.publish([event('p-2', n)])
    await eventually(() => expect(receiver.taken.at(-1)?.event.id).toBe(`p-2/${n}`))
  }
  await sink.publish([event('p-1', 2)])
  await eventually(() => expect(receiver.taken.at(-1)?.event.id).toBe('p-1/2'))
})

test('a receiver that is away is asked once in a while only, and /readyz warns with the reason', async () => {
  const receiver = await startReceiver(() => 503)
  const { sink } = await open(receiver.url)
  await sink.publish(Array.from({ length: 100 }, (_, i) => event(`p-${i}`, 1)))
  await eventually(() =>
    expect(sink.warnings()).toEqual(['sinks.webhooks.home: it takes no events (it answers 503); 100 wait on disk']),
  )
  expect(sink.reasons()).toEqual([])
  expect(receiver.got.length).toBeLessThan(20)
})

test.each([
  ['a redirect', () => 302, 'it answers 302, and redirects are not followed', {}],
  [
    'an address of a private network',
    () => 200,
    '127.0.0.1 is an address of a private network. Add 127.0.0.1 to allow of this webhook if events may go there.',
    { allow: [] },
  ],
])('%s takes no events, and says why', async (_, answer, reason, given) => {
  const receiver = await startReceiver(answer)
  const { sink } = await open(receiver.url, given)
  await sink.publish(Array.from({ length: 8 }, (_, i) => event(`p-${i}`, 1)))
  await eventually(() =>
    expect(sink.warnings()).toEqual([`sinks.webhooks.home: it takes no events (${reason}); 8 wait on disk`]),
  )
})

test('a name that leads to a private address is not posted to, and is once its address is allowed', async () => {
  const receiver = await startReceiver(() => 200)
  const url = receiver.url.replace('127.0.0.1', 'localhost')
  const refused = await open(url, { allow: [] })
  await refused.sink.publish(Array.from({ length: 8 }, (_, i) => event(`p-${i}`, 1)))
  await eventually(() =>
    expect(refused.sink.warnings().join()).toMatch(/localhost is \S+, which is an address of a private network/),
  )
  expect(receiver.got).toEqual([])
  const allowed = await open(url, { allow: ['127.0.0.1', '::1'] })
  await allowed.sink.publish([event('p-1', 1)])
  await eventually(() => expect(receiver.got).toHaveLength(1))
})
