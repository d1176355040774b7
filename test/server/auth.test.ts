import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Scope } from '../../src/server/scope.ts'
import { ticketLifetimeS } from '../../src/server/tickets.ts'
import { openClient } from '../sinks/websocket/ws-clients.ts'
import { eventually } from '../support/eventually.ts'
import { openServer } from './open-server.ts'

const tokens = {
  wall: 'wall-token-0123456789abcdef',
  desk: 'desk-token-0123456789abcdef',
}
const auth = {
  mode: 'on',
  tokens: [
    { name: 'wall', scopes: ['read'], token: tokens.wall },
    { name: 'desk', scopes: ['operate'], token: tokens.desk },
  ],
}
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

const openLocked = async (nowMs = () => Date.now()) => {
  const opened = await openServer({ auth }, { time: { nowMs } })
  const ticket = async (): Promise<string> => {
    const response = await opened.get('/api/ws-ticket', { method: 'POST', ...bearer(tokens.wall) })
    return ((await response.json()) as { ticket: string }).ticket
  }
  const open = (value: string) => openClient(opened.ws, { protocol: ['rollcall.v1', `rollcall.ticket.${value}`] })
  return { ...opened, ticket, open }
}

test('without a token only health, readiness and the empty viewer are there', async () => {
  const { get, ws, denied, lines } = await openLocked()
  for (const path of ['/healthz', '/readyz', '/']) expect((await get(path)).status, path).toBe(200)
  for (const path of ['/metrics', '/api/cameras', '/api/people', '/api/score', '/api/openapi.json', '/ws']) {
    const response = await get(path)
    expect([response.status, response.headers.get('www-authenticate')], path).toEqual([401, 'Bearer realm="rollcall"'])
  }
  expect((await get('/api/ws-ticket', { method: 'POST' })).status).toBe(401)
  await expect(openClient(ws)).rejects.toThrow('401')
  expect(await denied()).toEqual({ token: 8 })
  expect(lines.filter(({ message }) => message === 'request denied')).toHaveLength(8)
})

test.each([
  ['none', undefined],
  ['another', 'Bearer wrong-token-0123456789abcdef'],
  ['a part', `Bearer ${tokens.wall.slice(0, -1)}`],
  ['more', `Bearer ${tokens.wall}x`],
  ['another scheme', `Basic ${tokens.wall}`],
  ['two', `Bearer ${tokens.wall}, Bearer ${tokens.desk}`],
])('a wrong token (%s) is 401, and no answer or log repeats it', async (_name, authorization) => {
  const { get, lines } = await openLocked()
  const response = await get('/api/people', { headers: authorization === undefined ? {} : { authorization } })
  const body = await response.text()
  expect([response.status, JSON.parse(body)]).toMatchObject([401, { error: { code: 'UNAUTHORIZED' } }])
  expect(JSON.stringify(lines) + body).not.toContain('-token-')
})

test('a token opens what its scopes allow, each scope for itself', async () => {
  const { get, ws, denied } = await openLocked()
  expect((await get('/api/people', bearer(tokens.wall))).status).toBe(200)
  expect((await get('/metrics', bearer(tokens.wall))).status).toBe(200)
  const refused = await get('/api/people', bearer(tokens.desk))
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'SCOPE' } }])
  const { headers } = bearer(tokens.wall)
  const client = await openClient(ws, { headers })
  client.socket.terminate()
  await expect(openClient(ws, bearer(tokens.desk))).rejects.toThrow('403')
  expect(await denied()).toEqual({ scope: 2 })
})

test('a ticket opens one WebSocket, is never echoed, and is worth nothing in a URL', async () => {
  const { ticket, open, ws, denied } = await openLocked()
  const issued = await ticket()
  await expect(openClient(`${ws}?ticket=${issued}`)).rejects.toThrow('401')
  const client = await open(issued)
  expect(client.socket.protocol).toBe('rollcall.v1')
  await expect(open(issued)).rejects.toThrow('401')
  const raced = await ticket()
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => open(raced)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await denied()).toEqual({ token: 1, ticket: 5 })
})

test('a ticket expires after thirty seconds, even used before', async () => {
  let nowMs = 1_700_000_000_000
  const { ticket, open } = await openLocked(() => nowMs)
  const [early, late] = [await ticket(), await ticket()]
  nowMs += ticketLifetimeS * 1000 - 1
  const client = await open(early)
  nowMs += 1
  await expect(open(late)).rejects.toThrow('401')
  await expect(open(early)).rejects.toThrow('401')
  client.socket.terminate()
})

test('a ticket of another server, a part of one, or one made up is refused', async () => {
  const { open, ticket, denied } = await openLocked()
  const other = await (await openLocked()).ticket()
  const part = (await ticket()).slice(1)
  const unsigned = ['{"alg":"none"}', '{"sub":"wall","scopes":["read"]}', '']
    .map((each) => Buffer.from(each).toString('base64url'))
    .join('.')
  for (const forged of [other, part, unsigned]) await expect(open(forged)).rejects.toThrow('401')
  await expect(open('')).rejects.toThrow()
  expect((await denied()).ticket).toBeGreaterThanOrEqual(3)
})

test('beyond loopback there is no server without a token; on a terminal one is made and shown once', async () => {
  await expect(openServer({ host: '0.0.0.0' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/^http\.auth\.tokens: .*0\.0\.0\.0/),
  })
  const shown: string[][] = []
  const showToken = (...what: string[]) => void shown.push(what)
  const { get, server, lines } = await openServer({ host: '0.0.0.0' }, { showToken })
  expect(shown).toEqual([[expect.stringMatching(/^[\w-]{32}$/), server.url]])
  expect((await get('/api/people')).status).toBe(401)
  expect((await get('/api/people', bearer(String(shown[0]?.[0])))).status).toBe(200)
  expect(JSON.stringify(lines)).not.toContain(shown[0]?.[0])
  expect(lines.some(({ message }) => message.includes('unencrypted'))).toBe(true)
})

test('without auth beyond loopback it says so; on loopback it is silent', async () => {
  const open = await openServer({ host: '0.0.0.0', auth: { mode: 'off' } })
  expect(open.lines.map(({ message }) => message)).toEqual([expect.stringMatching(/auth\.mode is off/)])
  expect((await open.get('/api/people')).status).toBe(200)
  expect((await openServer()).lines).toEqual([])
})

test('metrics can be left open', async () => {
  const { get } = await openServer({ auth: { ...auth, openMetrics: true } })
  expect((await get('/metrics')).status).toBe(200)
  expect((await get('/api/people')).status).toBe(401)
})

test('requests, upgrades too, and connections are limited by address', async () => {
  const limits = { requestsPerMinute: 5, connectionsPerAddress: 3 }
  const { get, ws, denied, lines } = await openServer({ limits })
  const statuses: number[] = []
  for (let i = 0; i < 30; i++) statuses.push((await get('/api/people')).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(5)
  expect(statuses.filter((status) => status === 429)).toHaveLength(25)
  expect((await get('/api/people')).headers.get('retry-after')).toMatch(/^\d+$/)
  await expect(openClient(ws)).rejects.toThrow('429')
  expect((await get('/healthz')).status, 'whoever watches the process always gets an answer').toBe(200)
  expect(await denied()).toEqual({ rate: 27 })
  expect(
    lines.filter(({ message }) => message === 'request denied'),
    'no flood of the log',
  ).toHaveLength(10)
})

test('connections beyond the limit are closed without an answer; there is room again when some have gone', async () => {
  const { ws, denied } = await openServer({ limits: { connectionsPerAddress: 3 } })
  const clients = await Promise.all([openClient(ws), openClient(ws), openClient(ws)])
  await expect(openClient(ws)).rejects.toThrow()
  expect(await denied()).toEqual({ connections: 1 })
  clients[0].socket.terminate()
  await eventually(async () => (await openClient(ws)).socket.terminate())
})

test('a route that does not say who may call it does not register', async () => {
  const { default: fastify } = await import('fastify')
  const { default: rateLimit } = await import('@fastify/rate-limit')
  const { guardRequests } = await import('../../src/server/guard.ts')
  const { httpOptions } = await import('../../src/server/options.ts')
  const app = fastify()
  await app.register(rateLimit, { global: false })
  guardRequests(app, { options: httpOptions.parse({}) } as Parameters<typeof guardRequests>[1])
  expect(() => app.get('/api/leak', () => 'everything')).toThrow('GET /api/leak: a route says who may call it')
  for (const scope of ['read', 'operate', 'biometric'] satisfies Scope[]) {
    app.get(`/api/${scope}`, { config: { scope } }, () => scope)
  }
  await app.close()
})

test('speaks HTTPS with the certificate of the configuration, and says what is wrong with it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-tls-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '2']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', ['req', '-x509', '-nodes', ...curve, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  const { server, ws } = await openServer({ tls: { cert, key } })
  expect(server.url).toMatch(/^https:/)
  const status = await new Promise((resolve, reject) => {
    request(`${server.url}/api/people`, { rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve([response.statusCode, response.headers['strict-transport-security']])
    })
      .on('error', reject)
      .end()
  })
  expect(status).toEqual([200, 'max-age=31536000'])
  const client = await openClient(ws)
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  client.socket.terminate()
  await expect(openServer({ tls: { cert: join(directory, 'none'), key } })).rejects.toMatchObject({
    code: 'HTTP_LISTEN',
    message: expect.stringMatching(/^http\.tls\.cert: /),
  })
  await expect(openServer({ tls: { cert: key, key } })).rejects.toMatchObject({ code: 'HTTP_LISTEN' })
})
