import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { clientProtocol } from '../../contract/client-protocol.ts'
import { serverMessage, type subscription, unitStamp, type watch } from '../../contract/messages.ts'
import { formatted } from '../../contract/write.ts'
import type { ClientMessage } from '../../src/sinks/websocket/protocol.ts'
import { encodeUnit } from '../../src/sinks/websocket/protocol.ts'
import type { UnitStamp } from '../../src/types.ts'
import { openServer } from '../server/open-server.ts'
import { personCreated } from '../sinks/events.ts'
import { videoUnit } from '../sinks/websocket/video-units.ts'
import { openClient } from '../sinks/websocket/ws-clients.ts'
import { eventually } from '../support/eventually.ts'

const root = resolve(import.meta.dirname, '../..')

/** What is left of a value that has passed a schema, is the value: there is no field that the schema does not know. */
const expectDescribed = (schema: z.ZodType, value: unknown): void => expect(schema.parse(value)).toEqual(value)

test('the types of the client package are made of them: run npm run schemas', () => {
  const file = readFileSync(resolve(root, 'client/src/protocol.ts'), 'utf8')
  expect(file).toBe(formatted(clientProtocol(), 'protocol.ts'))
})

test('every message that a server sends is as described', async () => {
  const [{ server, sink }, other] = [await openServer(), await openServer({}, {}, { heartbeatMs: 100 })]
  const url = `${server.url.replace('http', 'ws')}/ws`
  const first = await openClient(url)
  first.send({ type: 'subscribe' })
  await eventually(() => expect(first.texts.map(({ type }) => type)).toContain('snapshot'))
  await sink.publish([personCreated('p-9', 'door')])
  sink.publishNoVideo('door', 'raw pictures')
  await eventually(() => expect(first.texts.map(({ type }) => type)).toContain('event'))
  const [hello] = first.texts
  if (hello?.type !== 'hello') throw new Error('no hello')
  const second = await openClient(url)
  second.send({ type: 'watch', cameras: [], video: [{ camera: 'door' }] })
  second.send({ type: 'subscribe', after: { epoch: hello.epoch, seq: 0 } })
  // A heartbeat that comes so soon also cuts off who does not answer: a busy machine.
  const third = await openClient(`${other.server.url.replace('http', 'ws')}/ws`)
  const sent = () => [first, second, third].flatMap(({ texts }) => texts)
  const wanted = ['hello', 'snapshot', 'event', 'resumed', 'heartbeat', 'noVideo', 'error']
  await eventually(() => expect(second.texts.map(({ type }) => type)).toContain('event'))
  sink.publishNoVideo('door', null)
  second.send({ type: 'nonsense' })
  await eventually(() => expect([...new Set(sent().map(({ type }) => type))].sort()).toEqual(wanted.sort()))
  for (const message of sent()) expectDescribed(serverMessage, message)
  for (const { socket } of [first, second, third]) socket.terminate()
})

test('the header of a unit is as described', () => {
  const message = Buffer.from(encodeUnit(videoUnit({ n: 3, key: true })))
  const { kind, ...stamp } = JSON.parse(message.toString('utf8', 4, 4 + message.readUInt32BE())) as { kind: string }
  expect(kind).toBe('unit')
  expectDescribed(unitStamp, stamp)
})

/** Without `readonly` and the kinds of numbers, which schemas do not know. */
type Plain<T> = T extends number ? number : T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T
type Asked<Type extends ClientMessage['type']> = Omit<Extract<ClientMessage, { type: Type }>, 'type'>

/** These fail in the compiler (`npm run types`), not when they run. */
test('what a client may ask for is as described', () => {
  expectTypeOf<z.output<typeof watch>>().toExtend<Asked<'watch'>>()
  expectTypeOf<keyof z.output<typeof watch>>().toEqualTypeOf<keyof Asked<'watch'>>()
  expectTypeOf<keyof z.output<typeof subscription>>().toEqualTypeOf<Exclude<keyof Asked<'subscribe'>, 'after'>>()
  expectTypeOf<Plain<UnitStamp>>().toExtend<Plain<z.output<typeof unitStamp>>>()
})
