import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RtspAuth } from '../../simulator/auth.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { connectRtsp } from './rtsp-client.ts'
import { syntheticLoop } from './synthetic-loop.ts'

const methods = [
  'OPTIONS',
  'DESCRIBE',
  'SETUP',
  'PLAY',
  'PAUSE',
  'TEARDOWN',
  'GET_PARAMETER',
  '__proto__',
  'constructor',
]
const targets = [
  '*',
  '/door',
  'rtsp://127.0.0.1/door',
  'rtsp://a:b@h/door/trackID=0',
  'rtsp://[::1/door',
  '/%',
  'rtsp:door',
]
const transports = [
  'RTP/AVP/TCP',
  'RTP/AVP/TCP;interleaved=254-255',
  'RTP/AVP;unicast;client_port=9-10',
  'RTP/AVP;;;=',
  '',
]
const logins = ['Basic Og==', 'Digest a=', `Digest ${'x='.repeat(500)}`, 'Digest username="a\\"b', 'Bearer x']

const line = fc
  .record({
    method: fc.constantFrom(...methods),
    target: fc.constantFrom(...targets),
    transport: fc.constantFrom(...transports),
    authorization: fc.constantFrom(...logins),
    cseq: fc.constantFrom('1', '', '-1', '99999999999'),
    length: fc.constantFrom('0', '3', '70000', 'x'),
  })
  .map(
    (it) =>
      `${it.method} ${it.target} RTSP/1.0\r\nCSeq: ${it.cseq}\r\nTransport: ${it.transport}\r\n` +
      `Authorization: ${it.authorization}\r\nContent-Length: ${it.length}\r\n\r\n`,
  )
const noise = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))
const interleaved = fc
  .tuple(fc.nat(255), fc.nat(65_535), noise)
  .map(([channel, length, data]) => Buffer.concat([Buffer.of(0x24, channel, length >> 8, length & 255), data]))
const cut = fc.tuple(line, fc.nat(300)).map(([text, at]) => Buffer.from(text.slice(0, at)))
const message = fc.oneof({ weight: 4, arbitrary: line.map((text) => Buffer.from(text)) }, noise, interleaved, cut)

it.each([undefined, 'basic', 'digest'] as const)(
  'no sequence of bytes stops the server (authentication: %s)',
  async (scheme) => {
    const login = { user: 'a', password: 'b' }
    const auth: RtspAuth | undefined = scheme && { ...login, scheme }
    const server = await startRtspServer(auth ? { auth } : {})
    const camera = server.addCamera('door', { loop: syntheticLoop() })
    const attack = async (messages: readonly Buffer[]) => {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => undefined)
      const closed = once(socket, 'close')
      socket.resume()
      for (const bytes of messages) socket.write(bytes)
      socket.end()
      await closed
      const witness = await connectRtsp(server.port)
      expect((await witness.request('OPTIONS', '*')).status).toBe(200)
      witness.close()
    }
    await fc.assert(fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), attack), {
      seed: 6,
      numRuns: 150,
      interruptAfterTimeLimit: 15_000,
    })
    expect(camera.stats.clients).toBe(0)
    await server.close()
  },
)
