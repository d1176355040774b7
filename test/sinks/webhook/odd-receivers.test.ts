import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { PersonEvent } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { webhookOptions } from '../../../src/sinks/webhook/options.ts'
import { createReceiver } from '../../../src/sinks/webhook/post.ts'
import { openWebhook } from '../../../src/sinks/webhook/webhook-sink.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { silent } from '../../site/site.ts'
import { eventually } from '../../support/eventually.ts'
import { personCreated } from '../events.ts'
import { startReceiver } from './receiver.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const optionsFor = (url: string) =>
  webhookOptions.parse({ url, secret, allow: ['127.0.0.1'], types: ['people'], timeoutMs: 300, retryMaxMs: 100 })

const event = (person: string, n: number): PersonEvent => {
  const made = personCreated(person, 'door')
  return { ...made, id: `${person}/${n}`, data: { ...made.data, sequence: n } } as PersonEvent
}

/** Says the same bytes to whoever sends something, whatever HTTP says. */
const startTalker = async (said: string) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => (said === '' ? socket.end() : socket.write(said)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const open = async (
  url: string,
  clocks: { readonly wallMs?: () => number; readonly elapsedMs?: () => number } = {},
) => {
  const directory = temporaryDirectory()
  const { wallMs = Date.now, elapsedMs = () => performance.now() } = clocks
  const sink = await openWebhook('home', optionsFor(url), {
    directory,
    isDeleted: () => false,
    metrics: createMetrics(new Registry()),
    log: silent,
    time: { nowMs: wallMs },
    elapsedMs,
  })
  onTestFinished(() => sink.close())
  return { sink, letters: join(directory, 'home/dead-letters.jsonl') }
}

test.each([
  [
    'another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    'it answers 101',
  ],
  ['that it goes on, and nothing more', 'HTTP/1.1 100 Continue\r\n\r\n', 'no answer in 300 ms'],
  ['half of its headers', 'HTTP/1.1 200 OK\r\nA: b\r\n', 'no answer in 300 ms'],
  ['nothing, and closes', '', 'socket hang up'],
  ['what is no HTTP', '220 mail.example.org ESMTP\r\n', 'Parse Error: Expected HTTP/, RTSP/ or ICE/'],
])('whoever answers %s has refused the event, in time', async (_, said, reason) => {
  const receiver = createReceiver(optionsFor(await startTalker(said)), Date.now)
  onTestFinished(() => receiver.close())
  const answer = await receiver.post({ id: 'a', body: Buffer.from('{}') }, new AbortController().signal)
  expect(answer).toEqual({ isTaken: false, reason, waitMs: null, isBusy: false })
})

test.each([
  ['30', 30_000],
  [new Date(1_030_000).toUTCString(), 30_000],
  [new Date(0).toUTCString(), 0],
  ['soon', null],
])('Retry-After: %s', async (after, waitMs) => {
  const url = await startTalker(`HTTP/1.1 503 Busy\r\nRetry-After: ${after}\r\nContent-Length: 0\r\n\r\n`)
  const receiver = createReceiver(optionsFor(url), () => 1_000_000)
  onTestFinished(() => receiver.close())
  const answer = await receiver.post({ id: 'a', body: Buffer.from('{}') }, new AbortController().signal)
  expect(answer).toEqual({ isTaken: false, reason: 'it answers 503', waitMs, isBusy: true })
})

test('an event that was tried all through an outage is not given up because another one is taken first', async () => {
  let isAway = true
  let refusals = 0
  const receiver = await startReceiver(({ event: { id } }) => {
    if (isAway) return 502
    return id === 'ada/1' && refusals++ < 3 ? 500 : 200
  })
  const { sink, letters } = await open(receiver.url)
  await sink.publish([event('ada', 1)])
  await eventually(() => expect(receiver.got.length).toBeGreaterThan(22))
  isAway = false
  await sink.publish([event('bo', 1)])
  await eventually(() => expect(sink.waiting()).toBe(0))
  expect(receiver.taken.map(({ event: { id } }) => id).sort()).toEqual(['ada/1', 'bo/1'])
  expect(existsSync(letters)).toBe(false)
})

test('a receiver that says later to one event, again and again, loses none', async () => {
  let later = 0
  const receiver = await startReceiver(({ event: { id } }) => (id === 'ada/1' && later++ < 22 ? 429 : 200))
  const { sink, letters } = await open(receiver.url)
  await sink.publish([event('ada', 1)])
  for (let n = 1; sink.waiting() > 0; n++) {
    await sink.publish([event('bo', n)])
    await eventually(() => expect(receiver.taken.some(({ event: { id } }) => id === `bo/${n}`)).toBe(true))
  }
  expect(receiver.taken.map(({ event: { id } }) => id)).toContain('ada/1')
  expect(existsSync(letters)).toBe(false)
})

test('a clock that jumps by days gives up no event; one that is too old is, after an hour of attempts', async () => {
  let jumpedMs = 0
  let laterMs = 0
  const receiver = await startReceiver(() => 502)
  const { sink, letters } = await open(receiver.url, {
    wallMs: () => Date.now() + jumpedMs,
    elapsedMs: () => performance.now() + laterMs,
  })
  await sink.publish([event('ada', 1)])
  await eventually(() => expect(receiver.got.length).toBeGreaterThan(2))
  jumpedMs = 3 * 86_400_000
  const before = receiver.got.length
  await eventually(() => expect(receiver.got.length).toBeGreaterThan(before + 3))
  expect(existsSync(letters)).toBe(false)
  laterMs = 3_600_000
  await eventually(() => expect(existsSync(letters)).toBe(true))
})

test('what was taken past an event that is refused does not count as waiting', async () => {
  let isRefused = true
  const receiver = await startReceiver(({ event: { id } }) => (isRefused && id === 'ada/1' ? 422 : 200))
  const { sink } = await open(receiver.url)
  await sink.publish([event('ada', 1), ...Array.from({ length: 20 }, (_, n) => event('bo', n))])
  await eventually(() => expect(receiver.taken).toHaveLength(20))
  await eventually(() => expect(sink.waiting()).toBe(1))
  isRefused = false
  await eventually(() => expect(sink.waiting()).toBe(0))
})
