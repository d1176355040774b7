import { type AddressInfo, createServer, type Server as NetServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { personCreated } from '../sinks/events.ts'
import { eventsIn, openClient, openSubscriber } from '../sinks/websocket/ws-clients.ts'
import { eventually } from '../support/eventually.ts'
import { cameras, openServer, people } from './open-server.ts'

test('health, readiness and API answer as JSON', async () => {
  const { get } = await openServer()
  const read = async (path: string) => {
    const response = await get(path)
    return [response.status, response.headers.get('content-type'), await response.json()]
  }
  const json = 'application/json; charset=utf-8'
  expect(await read('/healthz')).toEqual([200, json, { status: 'ok' }])
  expect(await read('/readyz')).toEqual([200, json, { ready: true, reasons: [], warnings: [] }])
  expect(await read('/api/cameras')).toEqual([200, json, { cameras }])
  expect(await read('/api/people')).toEqual([200, json, { people }])
})

test('not ready is 503 with the reasons', async () => {
  const notReady = { ready: false, reasons: ['no camera is online'], warnings: ['kafka is away'] }
  const { get } = await openServer({}, { ready: () => notReady })
  const response = await get('/readyz')
  expect([response.status, await response.json()]).toEqual([503, notReady])
})

test('where a token is needed, strangers learn whether it is ready, and not why: reasons name files and brokers', async () => {
  const notReady = { ready: false, reasons: ['events to /home/ada/events.jsonl: no space'], warnings: ['kafka: b1'] }
  const token = '9f2c51e07ab846d3b1c4f8e2'
  const auth = { tokens: [{ name: 'wall', scopes: ['read'], token }] }
  const { get } = await openServer({ auth }, { ready: () => notReady })
  const strangers = await get('/readyz')
  expect(strangers.status).toBe(503)
  expect(await strangers.text()).not.toMatch(/ada|jsonl|kafka|b1/)
  expect((await get('/api/readiness')).status).toBe(401)
  const headers = { authorization: `Bearer ${token}` }
  expect(await (await get('/api/readiness', { headers })).json()).toEqual(notReady)
  const ready = await openServer({ auth }, { ready: () => ({ ...notReady, ready: true }) })
  expect(await (await ready.get('/readyz')).json()).toEqual({ ready: true, reasons: [], warnings: [] })
})

test('metrics are a text exposition', async () => {
  const { get, metrics } = await openServer()
  metrics.people.set(7)
  const response = await get('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await response.text()).toContain('\nrollcall_people{process="main"} 7\n')
})

test('every answer carries security headers; the viewer is served under a policy without inline scripts', async () => {
  const { get } = await openServer()
  for (const path of ['/', '/healthz', '/missing']) {
    const { headers } = await get(path)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
  const page = await get('/')
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect((await get('/api/people')).headers.get('cache-control')).toBe('no-store')
})

test.each([
  ['nothing', '', 'application/json', 400, 'MALFORMED', /empty; expected JSON/],
  ['no JSON', '{"name":', 'application/json', 400, 'MALFORMED', /no JSON/],
  ['another type', 'name: Ada', 'text/yaml', 415, 'MALFORMED', /expected application\/json/],
])('a body of %s is refused in our own words', async (_, body, type, status, code, message) => {
  const { get } = await openServer()
  const response = await get('/api/people/compare', { method: 'POST', body, headers: { 'content-type': type } })
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  expect([response.status, error]).toMatchObject([status, { code, message: expect.stringMatching(message) }])
})

test('errors are JSON and give nothing away', async () => {
  const { get, lines } = await openServer({}, { metrics: () => Promise.reject(new Error('secret inside')) })
  const missing = await get('/nothing?token=abc')
  expect([missing.status, await missing.json()]).toMatchObject([
    404,
    { error: { code: 'NOT_FOUND', message: 'GET /nothing does not exist' } },
  ])
  expect((await get('/healthz', { method: 'POST' })).status).toBe(404)
  expect((await get('/..%2f..%2fpackage.json')).status).toBeGreaterThanOrEqual(400)
  const failed = await get('/metrics')
  expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining('secret')])
  expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ message: 'request failed' }])
})

test('a viewer that is not built is said in the log and in the browser; the rest works', async () => {
  const { get, lines } = await openServer({}, { viewerDirectory: '/nowhere' })
  expect(lines.map(({ message }) => message)).toEqual(['the viewer is not built: run npm run build:viewer'])
  const page = await get('/')
  expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('npm run build:viewer')])
  expect((await get('/healthz')).status).toBe(200)
})

test('a port in use is HTTP_LISTEN, naming the port and what to do', async () => {
  const other: NetServer = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  await expect(openServer({ port })).rejects.toMatchObject({
    code: 'HTTP_LISTEN',
    message: `http.port: 127.0.0.1:${port} is taken by another program`,
    remedy: expect.stringContaining('http.port'),
  })
  await expect(openServer({ host: '192.0.2.1', auth: { mode: 'off' } })).rejects.toMatchObject({
    code: 'HTTP_LISTEN',
    remedy: expect.stringContaining('http.host'),
  })
})

test('/ws delivers events, other paths cannot be upgraded, and /ws can only be upgraded', async () => {
  const { server, sink, ws, get, denied } = await openServer()
  const client = await openSubscriber(ws, {}, { origin: server.url })
  await sink.publish([personCreated('p1', 'door')])
  await eventually(() => expect(eventsIn(client.texts)).toHaveLength(1))
  for (const path of ['/elsewhere', '/ws/x', '/api/people', '/healthz']) {
    await expect(openClient(server.url.replace('http', 'ws') + path), path).rejects.toThrow('404')
  }
  expect((await get('/ws')).status).toBe(426)
  await expect(openClient(ws, { protocol: 'other.v1' })).rejects.toThrow('400')
  await sink.close()
  expect(await client.closed).toBe(1001)
  await expect(openClient(ws)).rejects.toThrow('503')
  expect(await denied()).toEqual({ malformed: 1, clients: 1 })
})

test('a server that closes without its sink cuts what is left', async () => {
  const { server, ws } = await openServer()
  const client = await openClient(ws)
  await server.close()
  expect(await client.closed).toBe(1006)
})

test('a page of another origin, or under a name of its own, gets neither the socket nor the API', async () => {
  const { ws, get, denied, lines } = await openServer({
    allowedOrigins: ['https://rollcall.example'],
    auth: { mode: 'off' },
  })
  for (const origin of [
    'https://evil.example',
    'http://127.0.0.1:1',
    'null',
    'https://rollcall.example.evil.example',
  ]) {
    await expect(openClient(ws, { origin }), origin).rejects.toThrow('403')
    expect((await get('/api/people', { headers: { origin } })).status, origin).toBe(403)
  }
  await expect(openClient(ws, { headers: { host: 'rebound.example' } })).rejects.toThrow('403')
  expect(await denied()).toEqual({ origin: 8, host: 1 })
  expect(lines.filter(({ message }) => message === 'request denied')).toHaveLength(9)
  const allowed = await openClient(ws, { origin: 'https://rollcall.example' })
  allowed.socket.terminate()
})
