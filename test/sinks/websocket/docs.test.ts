import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { serverMessage, unitStamp } from '../../../contract/messages.ts'
import { closeCodes, parseClientMessage } from '../../../src/sinks/websocket/protocol.ts'
import { openServer } from '../../server/open-server.ts'
import { eventually } from '../../support/eventually.ts'
import { personCreated } from '../events.ts'

const docs = readFileSync(join(import.meta.dirname, '../../../docs/websocket.md'), 'utf8')

/** The objects in the blocks of JSON of a section. */
const objectsOf = (heading: string): readonly Readonly<Record<string, unknown>>[] => {
  const section = docs.split(/^## /m).find((each) => each.startsWith(heading)) ?? ''
  const blocks = [...section.matchAll(/^```json\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split(/\n(?=\{)/))
  return blocks.map((block) => JSON.parse(block))
}

test('docs/websocket.md lists every close code', () => {
  const listed = [...docs.matchAll(/^\| (\d{4}) \| `(\w+)`/gm)].map(([, code, name]) => [name, Number(code)])
  expect(Object.fromEntries(listed)).toEqual(closeCodes)
})

test('the messages of a client in docs/websocket.md are messages of the protocol', () => {
  const messages = objectsOf('What a client says')
  expect(messages).toHaveLength(4)
  for (const message of messages) expect(parseClientMessage(JSON.stringify(message))).toEqual(message)
})

test('the messages of the server in docs/websocket.md are as their schemas say, with nothing else', () => {
  const said = objectsOf('What the server says')
  expect(said.map(({ type, kind }) => type ?? kind)).toEqual([
    'hello',
    'snapshot',
    'resumed',
    'heartbeat',
    'dropped',
    'noVideo',
    'error',
    'unit',
  ])
  for (const { kind, ...message } of said) {
    const schema = kind === undefined ? serverMessage : unitStamp
    expect(schema.parse(message)).toEqual(message)
  }
})

test('the small client of docs/websocket.md gets events and acknowledges them', async () => {
  const { ws, sink } = await openServer()
  const code = /^```js\n(const socket = .*?)^```/ms.exec(docs)?.[1]
  const printed: { type: string; seq: number }[] = []
  const body = `${code?.replace('ws://127.0.0.1:8080/ws', ws)}; return socket`
  const run = compileFunction(body, ['WebSocket', 'console'])
  const socket: WebSocket = run(WebSocket, { log: (message: (typeof printed)[number]) => printed.push(message) })
  const sent = vi.spyOn(socket, 'send')
  await eventually(() => expect(printed.map(({ type }) => type)).toEqual(['hello', 'snapshot']))
  await sink.publish([personCreated('p-9', 'door')])
  await eventually(() => expect(sent).toHaveBeenLastCalledWith('{"type":"ack","seq":1}'))
  socket.terminate()
})
