import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { RtspAuth } from '../../simulator/auth.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import type { Log } from '../../src/types.ts'
import { connectRtsp } from './rtsp-client.ts'
import { syntheticLoop } from './synthetic-loop.ts'

const login = { user: 'guard', password: 'sesame:open' }

const start = async (auth: Partial<RtspAuth>) => {
  const lines: string[] = []
  const note = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message)
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const server = await startRtspServer({ auth: { ...login, scheme: 'basic', ...auth }, log })
  server.addCamera('door', { loop: syntheticLoop() })
  return { server, lines }
}

it('asks for Basic, refuses a wrong password, and never logs one', async () => {
  const { server, lines } = await start({})
  const client = await connectRtsp(server.port)
  const describe = (text?: string) => {
    const authorization = { Authorization: `Basic ${Buffer.from(text ?? '').toString('base64')}` }
    return client.request('DESCRIBE', server.url('door'), text === undefined ? {} : authorization)
  }
  expect((await client.request('OPTIONS', '*')).status).toBe(200)
  const asked = await describe()
  expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Rollcall demo"'])
  expect((await describe('guard:wrong-password')).status).toBe(401)
  expect((await describe('guard:sesame:open')).status).toBe(200)
  expect((await client.request('SETUP', server.url('door'), { Transport: 'RTP/AVP/TCP' })).status).toBe(401)
  expect((await client.request('DESCRIBE', server.url('nobody'))).status).toBe(401)
  expect(lines.length).toBe(1)
  expect(lines.join()).not.toMatch(/sesame|wrong-password|guard|Basic/)
  client.close()
  await server.close()
})

it.each(['MD5', 'SHA-256'] as const)('asks for Digest with %s, per connection', async (algorithm) => {
  const { server } = await start({ scheme: 'digest', algorithm })
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const url = server.url('door')
  const authorize = (nonce: string, password: string) => {
    const secret = hash(`${login.user}:Rollcall demo:${password}`)
    const response = hash(`${secret}:${nonce}:${hash(`DESCRIBE:${url}`)}`)
    return {
      Authorization: `Digest username="${login.user}", realm="Rollcall demo", nonce="${nonce}", uri="${url}", response="${response}"`,
    }
  }
  const client = await connectRtsp(server.port)
  const asked = await client.request('DESCRIBE', url)
  const nonce = /nonce="(\w+)"/.exec(asked.headers.get('www-authenticate') ?? '')?.[1] ?? ''
  expect(nonce).toMatch(/^[0-9a-f]{32}$/)
  expect((await client.request('DESCRIBE', url, authorize(nonce, 'wrong'))).status).toBe(401)
  expect((await client.request('DESCRIBE', url, authorize(nonce, login.password))).status).toBe(200)
  const other = await connectRtsp(server.port)
  const stale = await other.request('DESCRIBE', url, authorize(nonce, login.password))
  expect([stale.status, stale.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('stale=TRUE')])
  client.close()
  other.close()
  await server.close()
})

it('puts a login into a URL only when asked', async () => {
  const { server } = await start({})
  expect(server.url('/back yard/1')).toBe(`rtsp://127.0.0.1:${server.port}/back%20yard/1`)
  expect(server.url('door', login)).toBe(`rtsp://guard:sesame%3Aopen@127.0.0.1:${server.port}/door`)
  await server.close()
})
