import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { createMetrics, mergeMetrics } from '../../src/metrics.ts'
import { type ServerDeps, startServer } from '../../src/server/http.ts'
import { httpOptions } from '../../src/server/options.ts'
import { webSocketOptions } from '../../src/sinks/websocket/options.ts'
import { webSocketSink } from '../../src/sinks/websocket/websocket-sink.ts'
import type { CameraChange, Log, Person } from '../../src/types.ts'
import { openPeopleService } from './gallery-in-memory.ts'

export const cameras: readonly CameraChange[] = [
  { camera: 'door', state: 'offline', atMs: 1000, reason: 'refused', code: 'CAMERA_UNREACHABLE', retryInMs: 4000 },
]
export const people: readonly Person[] = [
  { id: 'p1', name: null, archived: false, createdAtMs: 1, lastSeenAtMs: 2, lastCamera: 'door', tracks: 1, faces: 5 },
]

export interface Line {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** The real server with the real WebSocket sink; what it logs is kept. Closed when the test is over. */
export const openServer = async (options: object = {}, overrides: Partial<ServerDeps> = {}, webSocket: object = {}) => {
  const viewerDirectory = mkdtempSync(join(tmpdir(), 'rollcall-viewer-'))
  writeFileSync(join(viewerDirectory, 'index.html'), '<!doctype html><title>viewer</title>')
  onTestFinished(() => rm(viewerDirectory, { recursive: true }))
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const lines: Line[] = []
  const line = (level: string) => (fields: object, message: string) =>
    lines.push({ level, message, fields: fields as Line['fields'] })
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const time = { nowMs: () => Date.now() }
  const sink = webSocketSink(webSocketOptions.parse({ maxAgeMs: 60_000, ...webSocket }), {
    snapshot: () => ({ cameras, people, aliases: {}, sightings: [] }),
    metrics,
    log,
    time,
  })
  const server = await startServer(httpOptions.parse({ port: 0, ...options }), {
    metrics: () => mergeMetrics(registry, new Map()),
    cameras: () => cameras,
    people: () => people,
    ...openPeopleService(),
    ready: () => ({ ready: true, reasons: [], warnings: [] }),
    webSocket: sink,
    denied: metrics,
    time,
    viewerDirectory,
    log,
    ...overrides,
  })
  onTestFinished(() => server.close())
  onTestFinished(() => sink.close())
  const denied = async (): Promise<Readonly<Record<string, number>>> =>
    Object.fromEntries((await metrics.httpDenied.get()).values.map(({ labels, value }) => [labels.reason, value]))
  return {
    server,
    sink,
    lines,
    metrics,
    denied,
    viewerDirectory,
    ws: `${server.url.replace(/^http/, 'ws')}/ws`,
    get: (path: string, init?: RequestInit) => fetch(server.url + path, init),
  }
}
