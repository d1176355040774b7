import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { closeCodes, parseClientMessage } from '../../../src/sinks/websocket/protocol.ts'

const docs = readFileSync(join(import.meta.dirname, '../../../docs/websocket.md'), 'utf8')

test('docs/websocket.md lists every close code', () => {
  const listed = [...docs.matchAll(/^\| (\d{4}) \| `(\w+)`/gm)].map(([, code, name]) => [name, Number(code)])
  expect(Object.fromEntries(listed)).toEqual(closeCodes)
})

test('the messages of a client in docs/websocket.md are messages of the protocol', () => {
  const [, section = ''] = docs.split('## What a client says')
  const messages = [...section.matchAll(/^```json\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split(/\n(?=\{)/))
  expect(messages).toHaveLength(4)
  for (const message of messages) expect(parseClientMessage(message.trim()), message).toEqual(JSON.parse(message))
})
