import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { RollcallEvent } from '../../../src/events/types.ts'
import type { ServerMessage } from '../../../src/sinks/websocket/protocol.ts'

export interface TestClient {
  readonly socket: WebSocket
  /** Text messages, parsed, in order of arrival. */
  readonly texts: ServerMessage[]
  readonly pictures: { readonly frame: { camera: string; seq: number }; readonly jpeg: Buffer }[]
  /** Close code, once closed. */
  readonly closed: Promise<number>
  send(message: unknown): void
}

export interface OpenOptions {
  readonly origin?: string
  readonly protocol?: string | string[]
  readonly headers?: Readonly<Record<string, string>>
}

export const openClient = async (url: string, options: OpenOptions = {}) => {
  const { protocol = 'rollcall.v1', headers = {}, origin } = options
  const socket = new WebSocket(url, protocol, {
    headers,
    rejectUnauthorized: false,
    ...(origin !== undefined && { origin }),
  })
  const client: TestClient = {
    socket,
    texts: [],
    pictures: [],
    closed: new Promise((resolve) => socket.once('close', resolve)),
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  }
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return client.texts.push(JSON.parse(data.toString()))
    const end = 4 + data.readUInt32BE(0)
    return client.pictures.push({ frame: JSON.parse(data.toString('utf8', 4, end)), jpeg: data.subarray(end) })
  })
  await once(socket, 'open')
  return client
}

/** A client that completes the handshake and then reads nothing: no WebSocket library would be so rude. */
export const openStalledClient = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  // It is going to be cut off.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  const [head] = (await once(socket, 'data')) as [Buffer]
  socket.pause()
  if (!head.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(head.toString('latin1'))
  return socket
}

/** Sends one text message, masked as clients must. */
export const sendRaw = (socket: Socket, text: string): void => {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(payload.length)
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | 126]), length, mask, masked]))
}

/** Opens, subscribes to what `wanted` says, and waits until that is in force. */
export const openSubscriber = async (url: string, wanted: object = {}, options: OpenOptions = {}) => {
  const client = await openClient(url, options)
  const answered = new Promise<void>((resolve) => {
    client.socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary && /^\{"type":"(snapshot|resumed)"/.test(data.toString('latin1', 0, 40))) resolve()
    })
  })
  client.send({ type: 'subscribe', ...wanted })
  await answered
  return client
}

/** The events among these messages. */
export const eventsIn = (messages: readonly ServerMessage[]): RollcallEvent[] =>
  messages.flatMap((message) => (message.type === 'event' ? message.event : []))

export const seqsIn = (messages: readonly ServerMessage[]): number[] =>
  messages.flatMap((message) => (message.type === 'event' ? message.seq : []))
