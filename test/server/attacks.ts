import { connect } from 'node:net'

/** What came of one attack: the status of an answer, or the code of a close frame after an upgrade; 0 when cut off. */
export type Outcome = number

/** A frame as a client sends it, masked with zeros unless told otherwise. */
export const frame = (
  opcode: number,
  payload: Buffer,
  { isMasked = true, lengthSaid = payload.length } = {},
): Buffer => {
  const head = Buffer.alloc(lengthSaid < 126 ? 2 : 4)
  head[0] = 0x80 | opcode
  head[1] = (isMasked ? 0x80 : 0) | Math.min(lengthSaid, 126)
  if (head.length === 4) head.writeUInt16BE(lengthSaid, 2)
  return Buffer.concat([head, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

/** The code of the first close frame among complete frames of a server, if there is one. */
const closeCode = (bytes: Buffer): number | undefined => {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = (bytes[at] as number) & 0x0f
    const said = (bytes[at + 1] as number) & 0x7f
    const head = said === 126 ? 4 : 2
    const length = said === 126 ? bytes.readUInt16BE(at + 2) : said
    if (at + head + length > bytes.length) return undefined
    if (opcode === 8) return length >= 2 ? bytes.readUInt16BE(at + head) : 1005
    at += head + length
  }
  return undefined
}

/** Sends `request` and, when it is answered with 101, `frames`; reads on until it knows the outcome. */
export const attack = (port: number, request: string | Buffer, frames: readonly Buffer[] = []): Promise<Outcome> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let received = Buffer.alloc(0)
    let upgraded = false
    const end = (outcome: Outcome): void => {
      socket.destroy()
      resolve(outcome)
    }
    socket.on('error', () => end(0))
    socket.on('close', () => end(0))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (!upgraded) {
        const head = received.indexOf('\r\n\r\n')
        if (head < 0) return
        const status = Number(received.toString('latin1', 9, 12))
        if (status !== 101) {
          end(status)
          return
        }
        upgraded = true
        received = received.subarray(head + 4)
        for (const each of frames) socket.write(each)
      }
      const code = closeCode(received)
      if (code !== undefined) end(code)
    })
  })

export const upgradeRequest = (headers: Readonly<Record<string, string>>, path = '/ws'): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headerLines(headers)}\r\n`

export const httpRequest = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string =>
  `${method} ${path} HTTP/1.1\r\nHost: ${headers.host ?? '127.0.0.1'}\r\n` +
  `${headerLines({ ...headers, ...(body && { 'content-length': String(Buffer.byteLength(body)) }) })}\r\n${body}`

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .filter(([name]) => name !== 'host')
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
