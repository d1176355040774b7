import type { z } from 'zod'
import { clientMessages, serverMessage } from '../messages.ts'
import { type Message, type Protocol, refTo, schemaNamed } from './parts.ts'

const messageOf = (schema: z.ZodType): [string, Message] => {
  const { id = '', description = '' } = schema.meta() ?? {}
  return [id, { name: id, summary: description, payload: schemaNamed(id) }]
}

/** A picture with its header, which AsyncAPI has no way to put before the bytes but in words. */
const binary = (name: string, header: string, summary: string): [string, Message] => [
  name,
  {
    name,
    summary: `${summary} u32, big-endian: the length of the header; the header (\`headers\`) as JSON; the bytes.`,
    contentType: 'application/octet-stream',
    headers: { type: 'object', allOf: [schemaNamed(header)] },
    payload: { type: 'string', format: 'binary' },
  },
]

const fromServer = [
  ...serverMessage.options.map(messageOf),
  binary('Still', 'StillHeader', 'An analysed frame, as JPEG.'),
  binary('Unit', 'UnitHeader', 'An access unit of a camera’s own video.'),
]
const fromClient = clientMessages.map(messageOf)

const refsTo = (messages: readonly [string, Message][]) =>
  messages.map(([name]) => refTo('channels', 'webSocket', 'messages', name))

/** The headers of binary messages. */
export const binaryHeaders = {
  StillHeader: {
    description: 'The header of a still: the data of its frame event, whose boxes belong to the JPEG.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { const: 'still' } },
    allOf: [schemaNamed('RollcallFrameV1Data')],
  },
  UnitHeader: {
    description: 'The header of an access unit.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { const: 'unit' } },
    allOf: [schemaNamed('UnitStamp')],
  },
} as const

/** `/ws`, in both directions. */
export const webSocket = (): Protocol => ({
  channels: {
    webSocket: {
      address: '/ws',
      description:
        'Subprotocol `rollcall.v1`: docs/websocket.md. Text messages are JSON with a `type`, binary ones pictures.',
      servers: [refTo('servers', 'webSocket')],
      messages: Object.fromEntries([...fromServer, ...fromClient]),
      bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
    },
  },
  operations: {
    sendToClients: { action: 'send', channel: refTo('channels', 'webSocket'), messages: refsTo(fromServer) },
    receiveFromClients: { action: 'receive', channel: refTo('channels', 'webSocket'), messages: refsTo(fromClient) },
  },
})
