/**
 * What does it cost to look at cameras, and how old is what is seen? Cameras, server (without models), browser and clients
 * in processes of their own.
 *
 *   npm run bench -- viewer [--tiles 1,4,9,16] [--seconds 10] [--file footage/street.mp4]
 *
 * A browser with so many tiles: capture to canvas, CPU of browser and server, bytes a second. Then 50 clients of one camera,
 * and 9 with one more behind 150 kB/s.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { startSimulatedCameras } from '../simulator/simulated-cameras.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import { browserPids } from '../test/browser/processes.ts'
import { cpuMsOf, median } from './cpu-time.ts'
import { killPeers, Peer } from './peer.ts'
import type { FromViewerClients, ToViewerClients } from './viewer-clients.ts'
import type { FromViewerServer, ToViewerServer } from './viewer-server.ts'

const slowBytesPerS = 150_000

interface TileFigures {
  readonly fps: number
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null
  readonly dropped: number
  readonly level: string
  readonly delayMs: number
}

/** CPU milliseconds of all processes of the browser. */
const browserCpuMs = (): number => browserPids().reduce((sum, pid) => sum + cpuMsOf(pid), 0)

const print = (name: string, value: number | string): void =>
  console.log(`${name} ${typeof value === 'number' ? Number(value.toFixed(1)) : value}`)

type Server = Peer<ToViewerServer, FromViewerServer>

const tilesRun = async (server: Server, url: string, cameras: readonly string[], seconds: number): Promise<void> => {
  const browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } })
  let bytes = 0
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (bytes += payload.length)))
  await page.goto(`${url}/?cameras=${cameras.join()}`)
  await setTimeout(5000)
  const [cpu, before, bytesBefore] = [browserCpuMs(), await server.ask({ type: 'usage' }, 'usage'), bytes]
  const seen: TileFigures[] = []
  for (let i = 0; i < 2 * seconds; i++) {
    await setTimeout(500)
    seen.push(...Object.values((await page.evaluate('figures')) as Record<string, TileFigures>))
  }
  const after = await server.ask({ type: 'usage' }, 'usage')
  const latencies = seen.flatMap(({ latencyMs }) => latencyMs ?? [])
  const name = `tiles_${cameras.length}`
  print(`${name}_capture_to_canvas_p50_ms`, median(latencies.map(({ p50 }) => p50)))
  print(`${name}_capture_to_canvas_p95_ms`, median(latencies.map(({ p95 }) => p95)))
  print(`${name}_delay_ms`, median(seen.map(({ delayMs }) => delayMs)))
  print(`${name}_fps_per_tile`, median(seen.map(({ fps }) => fps)))
  print(`${name}_levels`, [...new Set(seen.map(({ level }) => level))].join())
  print(`${name}_browser_cpu_percent`, (browserCpuMs() - cpu) / (10 * seconds))
  print(`${name}_server_cpu_percent`, (after.cpuMs - before.cpuMs) / (10 * seconds))
  print(`${name}_kbytes_per_s`, (bytes - bytesBefore) / 1000 / seconds)
  await browser.close()
}

const clientsRun = async (
  server: Server,
  url: string,
  camera: string,
  count: number,
  isSlow: boolean,
  seconds: number,
) => {
  const clients = new Peer<ToViewerClients, FromViewerClients>('./viewer-clients.ts', 1)
  await clients.ask({ type: 'open', url, camera, count, slowBytesPerS: isSlow ? slowBytesPerS : null }, 'opened')
  await setTimeout(3000)
  await clients.ask({ type: 'seen' }, 'seen')
  const before = await server.ask({ type: 'usage' }, 'usage')
  await setTimeout(seconds * 1000)
  const after = await server.ask({ type: 'usage' }, 'usage')
  const seen = await clients.ask({ type: 'seen' }, 'seen')
  clients.child.kill()
  await setTimeout(500)
  const cpuPercent = (after.cpuMs - before.cpuMs) / (10 * seconds)
  return { ...seen, cpuPercent, dropped: after.unitsDropped - before.unitsDropped }
}

/** Prints the figures. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tiles: { type: 'string', default: '1,4,9,16' },
      seconds: { type: 'string', default: '10' },
      file: { type: 'string', default: join(import.meta.dirname, '../footage/street.mp4') },
    },
  })
  const seconds = Number(values.seconds)
  const tiles = values.tiles.split(',').map(Number)
  const names = Array.from({ length: Math.max(...tiles) }, (_, i) => `cam-${i}`)
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-bench-'))
  const root = join(import.meta.dirname, 'viewer-page')
  await build({
    root,
    base: './',
    logLevel: 'error',
    build: { outDir: directory, emptyOutDir: true, target: 'es2022' },
  })
  const cameras = await startSimulatedCameras(names.map((name) => ({ name, file: values.file })))
  const start = async (count: number): Promise<{ server: Server; url: string }> => {
    const server = new Peer<ToViewerServer, FromViewerServer>('./viewer-server.ts', 0)
    const urls = Object.fromEntries(cameras.cameras.slice(0, count).map(({ name, url }) => [name, url]))
    const { url } = await server.ask({ type: 'start', urls, viewerDirectory: directory }, 'listening')
    await setTimeout(3000)
    return { server, url }
  }
  try {
    for (const count of tiles) {
      const { server, url } = await start(count)
      await tilesRun(server, url, names.slice(0, count), seconds)
      server.child.kill()
    }
    const { server, url } = await start(1)
    const idle = await clientsRun(server, url, 'cam-0', 0, false, seconds)
    const one = await clientsRun(server, url, 'cam-0', 1, false, seconds)
    const fifty = await clientsRun(server, url, 'cam-0', 50, false, seconds)
    print('viewers_1_kbytes_per_s', one.bytes / 1000 / seconds)
    print('viewers_1_server_cpu_percent', one.cpuPercent - idle.cpuPercent)
    print('viewers_50_server_cpu_percent', fifty.cpuPercent - idle.cpuPercent)
    print('viewers_50_p99_ms', fifty.p99Ms)
    const alone = await clientsRun(server, url, 'cam-0', 9, false, seconds)
    const beside = await clientsRun(server, url, 'cam-0', 9, true, seconds)
    print('slow_viewer_units_per_s', (beside.slow?.units ?? 0) / seconds)
    print('slow_viewer_oldest_ms', beside.slow?.maxMs ?? 0)
    print('slow_viewer_is_open', String(beside.slow?.isOpen))
    print('slow_viewer_units_left_out', beside.dropped)
    print('others_p99_ms', beside.p99Ms)
    print('others_p99_ratio', beside.p99Ms / Math.max(1, alone.p99Ms))
  } finally {
    killPeers()
    await cameras.close()
    await rm(directory, { recursive: true })
  }
}
