import { expect, test } from 'vitest'
import { httpOptions } from '../../src/server/options.ts'
import { openClient } from '../sinks/websocket/ws-clients.ts'
import { openServer } from './open-server.ts'

const token = '9f2c51e07ab846d3b1c4f8e2'
const tokens = [{ name: 'wall', scopes: ['read'], token }]
const page = 'https://wall.example'

test.each([
  ['a trusted proxy', { trustedProxies: ['127.0.0.1'] }, 'http.trustedProxies'],
  ['a network of proxies', { trustedProxies: ['10.0.0.0/8'] }, 'http.trustedProxies'],
  ['the origin of a proxy', { allowedOrigins: ['https://rollcall.example'] }, 'http.allowedOrigins'],
  ['the address of another machine', { allowedOrigins: ['http://192.168.1.5:8080'] }, 'http.allowedOrigins'],
])('on loopback %s asks for a token', async (_, options, key) => {
  await expect(openServer(options)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`http.auth.tokens: expected at least one, because ${key}`),
  })
  const { get } = await openServer({ ...options, auth: { tokens } })
  expect((await get('/api/people')).status).toBe(401)
  expect((await get('/api/people/export')).status).toBe(401)
  expect((await get('/api/people', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
})

test('tokens that are configured are asked for, also on loopback; a page of this machine needs none', async () => {
  expect((await (await openServer({ auth: { tokens } })).get('/api/people')).status).toBe(401)
  for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:3000']) {
    const { get } = await openServer({ allowedOrigins: [origin] })
    expect((await get('/api/people', { headers: { origin } })).status, origin).toBe(200)
  }
})

test.each([
  ['x-forwarded-for', '192.0.2.7'],
  ['x-forwarded-proto', 'https'],
  ['x-real-ip', '192.0.2.7'],
  ['forwarded', 'for=192.0.2.7'],
  ['via', '1.1 proxy'],
])('a proxy that the configuration does not name (%s) opens nothing', async (name, value) => {
  const { get, ws, denied, server } = await openServer()
  const refused = await get('/api/people', { headers: { [name]: value } })
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error: { code: 'PROXY_UNKNOWN', message: expect.stringContaining('http.trustedProxies') } },
  ])
  await expect(openClient(ws, { headers: { [name]: value }, origin: server.url })).rejects.toThrow('403')
  expect(await denied()).toEqual({ proxy: 2 })
  expect((await get('/healthz', { headers: { [name]: value } })).status, 'health is for everybody').toBe(200)
  const open = await openServer({ auth: { mode: 'off' } })
  expect((await open.get('/api/people', { headers: { [name]: value } })).status, 'mode off means it').toBe(200)
})

test('a port that is forwarded without a word about it is known by the address that was asked for', async () => {
  const { ws, denied } = await openServer()
  for (const host of ['192.168.1.5', '192.168.1.5:8080', '[2001:db8::1]:8080']) {
    await expect(openClient(ws, { headers: { host } }), host).rejects.toThrow('403')
  }
  for (const host of ['127.0.0.1:1', 'localhost:9', '[::1]', '127.8.0.1']) {
    const client = await openClient(ws, { headers: { host } })
    client.socket.terminate()
  }
  expect(await denied()).toEqual({ proxy: 3 })
})

test.each([
  'change-me-to-what-openssl-rand-hex-32-prints',
  'CHANGEME-CHANGEME-1',
  'replace_this_token_soon',
  'your-token-goes-here-0',
  'mySuperSecretToken42',
  'aaaaaaaaaaaaaaaaaaaaaaaa',
  'abababababababababab',
  '0123456789abcdef',
  '1234567890123456',
  'fedcba9876543210',
  'k3v9zq1xk3v9zq1xk3v9zq1x',
])('the token %s is refused with the command that makes a good one, and is not repeated', (weak) => {
  const result = httpOptions.safeParse({ auth: { tokens: [{ name: 'wall', scopes: ['read'], token: weak }] } })
  expect(result.error?.issues).toMatchObject([
    { path: ['auth', 'tokens', 0, 'token'], message: expect.stringContaining('openssl rand -hex 32') },
  ])
  expect(result.error?.message).not.toContain(weak)
})

test.each([
  '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8',
  'kN0p-QZ_3vX8yL2mW7rT5g',
  'correct.horse.battery.staple',
])('the token %s is taken', (good) => {
  expect(httpOptions.safeParse({ auth: { tokens: [{ name: 'wall', scopes: ['read'], token: good }] } }).success).toBe(
    true,
  )
})

test('a page of an allowed origin asks before it sends a token, reads the answer, and opens a WebSocket', async () => {
  const { get, ws } = await openServer({ allowedOrigins: [page], auth: { tokens } })
  for (const path of ['/api/people', '/api/ws-ticket', '/api/people/p1']) {
    const preflight = await get(path, {
      method: 'OPTIONS',
      headers: {
        origin: page,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    })
    const { headers } = preflight
    expect([preflight.status, headers.get('access-control-allow-origin')], path).toEqual([204, page])
    expect(headers.get('access-control-allow-headers')).toBe('authorization, content-type, x-request-id')
    expect(headers.get('access-control-allow-methods')).toContain('DELETE')
    expect(headers.get('access-control-allow-credentials'), 'there are no cookies').toBeNull()
    expect(headers.get('vary')).toMatch(/Origin/i)
  }
  const refused = await get('/api/people', { headers: { origin: page } })
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, page])
  const headers = { origin: page, authorization: `Bearer ${token}` }
  const issued = await get('/api/ws-ticket', { method: 'POST', headers })
  const { subprotocol } = (await issued.json()) as { subprotocol: string }
  const client = await openClient(ws, { origin: page, protocol: ['rollcall.v1', subprotocol] })
  expect(client.socket.protocol).toBe('rollcall.v1')
  client.socket.terminate()
})

test('no other page is told that it may', async () => {
  const { get } = await openServer({ allowedOrigins: [page], auth: { tokens } })
  const asks = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' }
  for (const origin of ['https://wall.example.evil.example', 'http://wall.example', 'null', `${page}:8443`]) {
    const preflight = await get('/api/people', { method: 'OPTIONS', headers: { origin, ...asks } })
    expect(preflight.headers.get('access-control-allow-origin'), origin).toBeNull()
    const answer = await get('/api/people', { headers: { origin, authorization: `Bearer ${token}` } })
    expect([answer.status, answer.headers.get('access-control-allow-origin')], origin).toEqual([403, null])
  }
  const closed = await (await openServer()).get('/api/people', {
    method: 'OPTIONS',
    headers: { origin: page, ...asks },
  })
  expect(closed.headers.get('access-control-allow-origin')).toBeNull()
})
