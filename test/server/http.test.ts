import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createMetrics, mergeMetrics } from '../../src/metrics.ts'
import { type ServerDeps, startServer } from '../../src/server/http.ts'
import { type HttpOptions, httpOptions } from '../../src/server/options.ts'
import { webSocketOptions } from '../../src/sinks/options.ts'
import { webSocketSink } from '../../src/sinks/websocket.ts'
import type { CameraChange, Log, Person } from '../../src/types.ts'
import { personCreated } from '../sinks/events.ts'
import { openClient } from '../sinks/ws-clients.ts'

const cameras: readonly CameraChange[] = [
  { camera: 'door', state: 'offline', atMs: 1000, reason: 'refused', code: 'CAMERA_UNREACHABLE', retryInMs: 4000 },
]
const people: readonly Person[] = [
  { id: 'p1', name: null, archived: false, createdAtMs: 1, lastSeenAtMs: 2, lastCamera: 'door', tracks: 1, faces: 5 },
]

let viewerDirectory: string
beforeAll(async () => {
  viewerDirectory = await mkdtemp(join(tmpdir(), 'rollcall-viewer-'))
  await writeFile(join(viewerDirectory, 'index.html'), '<!doctype html><title>viewer</title>')
})
afterAll(() => rm(viewerDirectory, { recursive: true }))

const setUp = async (options: Partial<HttpOptions> = {}, overrides: Partial<ServerDeps> = {}) => {
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const lines: string[] = []
  const line = (level: string) => (_fields: object, message: string) => lines.push(`${level} ${message}`)
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const sink = webSocketSink(webSocketOptions.parse({}), {
    snapshot: () => ({ cameras, people }),
    metrics,
    log,
    time: { nowMs: () => 0 },
  })
  const server = await startServer(httpOptions.parse({ port: 0, ...options }), {
    metrics: () => mergeMetrics(registry, new Map()),
    cameras: () => cameras,
    people: () => people,
    ready: () => ({ ready: true, reasons: [] }),
    webSocket: sink.accept,
    viewerDirectory,
    log,
    ...overrides,
  })
  onTestFinished(() => server.close())
  onTestFinished(() => sink.close())
  return { server, sink, lines, metrics, get: (path: string, init?: RequestInit) => fetch(server.url + path, init) }
}

test('health, readiness and API answer as JSON', async () => {
  const { get } = await setUp()
  const read = async (path: string) => {
    const response = await get(path)
    return [response.status, response.headers.get('content-type'), await response.json()]
  }
  const json = 'application/json; charset=utf-8'
  expect(await read('/healthz')).toEqual([200, json, { status: 'ok' }])
  expect(await read('/readyz')).toEqual([200, json, { ready: true, reasons: [] }])
  expect(await read('/api/cameras')).toEqual([200, json, { cameras }])
  expect(await read('/api/people')).toEqual([200, json, { people }])
})

test('not ready is 503 with the reasons', async () => {
  const { get } = await setUp({}, { ready: () => ({ ready: false, reasons: ['no camera is online'] }) })
  const response = await get('/readyz')
  expect([response.status, await response.json()]).toEqual([503, { ready: false, reasons: ['no camera is online'] }])
})

test('metrics are a text exposition', async () => {
  const { get, metrics } = await setUp()
  metrics.people.set(7)
  const response = await get('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await response.text()).toContain('\nrollcall_people{process="main"} 7\n')
})

test('every answer carries security headers; the viewer is served under a policy without inline scripts', async () => {
  const { get } = await setUp()
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

test('errors are JSON and give nothing away', async () => {
  const { get, lines } = await setUp({}, { metrics: () => Promise.reject(new Error('secret inside')) })
  const missing = await get('/nothing?token=abc')
  expect([missing.status, await missing.json()]).toEqual([
    404,
    { error: { code: 'NOT_FOUND', message: 'GET /nothing does not exist' } },
  ])
  expect((await get('/healthz', { method: 'POST' })).status).toBe(404)
  expect((await get('/..%2f..%2fpackage.json')).status).toBeGreaterThanOrEqual(400)
  const failed = await get('/metrics')
  expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining('secret')])
  expect(lines).toContain('error request failed')
})

test('a viewer that is not built is said in the log and in the browser; the rest works', async () => {
  const { get, lines } = await setUp({}, { viewerDirectory: join(viewerDirectory, 'nowhere') })
  expect(lines).toEqual(['warn the viewer is not built: run npm run build:viewer'])
  const page = await get('/')
  expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('npm run build:viewer')])
  expect((await get('/healthz')).status).toBe(200)
})

test('a port in use is HTTP_LISTEN, naming the port and what to do', async () => {
  const other: NetServer = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  await expect(setUp({ port })).rejects.toMatchObject({
    code: 'HTTP_LISTEN',
    message: `http.port: 127.0.0.1:${port} is taken by another program`,
    remedy: expect.stringContaining('http.port'),
  })
  await expect(setUp({ host: '192.0.2.1' })).rejects.toMatchObject({
    code: 'HTTP_LISTEN',
    remedy: expect.stringContaining('http.host'),
  })
})

test('listening beyond loopback is warned about', async () => {
  const open = await setUp({ host: '0.0.0.0' })
  expect(open.lines.filter((line) => line.startsWith('warn HTTP listens beyond this machine'))).toHaveLength(1)
  expect((await open.get('/healthz')).status).toBe(200)
  expect((await setUp()).lines).toEqual([])
})

test('/ws delivers events, other paths cannot be upgraded', async () => {
  const { server, sink } = await setUp()
  const url = server.url.replace('http', 'ws')
  const client = await openClient(`${url}/ws`, { origin: server.url })
  await sink.publish([personCreated('p1', 'door')])
  await vi.waitFor(() => expect(client.texts).toHaveLength(2))
  await expect(openClient(`${url}/elsewhere`)).rejects.toThrow('404')
  await server.close()
  expect(await client.closed, 'cut, because the sink was not closed first').toBe(1006)
})

test('a page of another origin gets neither the socket nor the API', async () => {
  const { server, get, lines } = await setUp({ allowedOrigins: ['https://rollcall.example'] })
  const ws = `${server.url.replace('http', 'ws')}/ws`
  for (const origin of [
    'https://evil.example',
    'http://127.0.0.1:1',
    'null',
    'https://rollcall.example.evil.example',
  ]) {
    await expect(openClient(ws, { origin }), origin).rejects.toThrow('403')
    expect((await get('/api/people', { headers: { origin } })).status, origin).toBe(403)
  }
  expect(lines.filter((line) => line === 'warn websocket client refused')).toHaveLength(4)
  const allowed = await openClient(ws, { origin: 'https://rollcall.example' })
  allowed.socket.terminate()
})
