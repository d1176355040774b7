/**
 * What does it cost to look at cameras, and how old is what is seen? Cameras, server (without models), browser and clients
 * in processes of their own.
 *
 *   npm run bench -- viewer [--tiles 1,4,9,16] [--seconds 10] [--windows 60] [--file footage/street.mp4]
 *
 * A browser with so many tiles (`--tiles=` for none): capture to canvas, CPU of browser and server, bytes a second. Then 50
 * clients of one camera. Then 9 of one that sends more than 150 kB/s on each of two servers at the same time, and one more, that
 * gets no more than that, on one of them and then on the other, in turn: whatever else the machine does slows down both.
 * The last lines say what was measured, what was expected, and whether that is met. Exit code 1 when one is not, 2 when noise
 * hides whether one is.
 */
import { execFileSync } from 'node:child_process'
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
import { goFirst, killPeers, Peer } from './peer.ts'
import { inWords } from './verdict.ts'
import type { FromViewerClients, ToViewerClients } from './viewer-clients.ts'
import { percentile, viewerVerdicts, type Window } from './viewer-figures.ts'
import type { FromViewerServer, ToViewerServer } from './viewer-server.ts'

const slowBytesPerS = 150_000
/** Of a window beside the slow viewer: many short ones say more than few long ones of what chance does. */
const windowSeconds = 3

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

/** A server that runs, and its address. */
interface Started {
  readonly server: Server
  readonly url: string
}

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

type Clients = Peer<ToViewerClients, FromViewerClients>

const openClients = async (url: string, camera: string, count: number, bytesPerS: number | null): Promise<Clients> => {
  const clients: Clients = new Peer('./viewer-clients.ts', 1)
  await clients.ask({ type: 'open', url, camera, count, bytesPerS }, 'opened')
  return clients
}

/** What the clients see from now on for so long. */
const watchFor = async (clients: Clients, seconds: number) => {
  await clients.ask({ type: 'seen' }, 'seen')
  await setTimeout(seconds * 1000)
  return await clients.ask({ type: 'seen' }, 'seen')
}

/** So many clients of one camera, and what the server takes for them. */
const clientsRun = async ({ server, url }: Started, camera: string, count: number, seconds: number) => {
  const clients = await openClients(url, camera, count, null)
  await setTimeout(3000)
  const before = await server.ask({ type: 'usage' }, 'usage')
  const seen = await watchFor(clients, seconds)
  const after = await server.ask({ type: 'usage' }, 'usage')
  clients.child.kill()
  await setTimeout(500)
  return { ...seen, cpuPercent: (after.cpuMs - before.cpuMs) / (10 * seconds) }
}

interface SlowSeen extends Window {
  readonly slow: Awaited<ReturnType<typeof watchFor>>
}

/** Windows of nine clients on each of two servers; beside those of one there is a slow one, in turn. */
const slowRun = async (servers: readonly [Started, Started], camera: string, seconds: number, count: number) => {
  const others = await Promise.all(servers.map(({ url }) => openClients(url, camera, 9, null)))
  await setTimeout(3000)
  const dropped = async (): Promise<number> => {
    const usages = await Promise.all(servers.map(({ server }) => server.ask({ type: 'usage' }, 'usage')))
    return usages.reduce((sum, { unitsDropped }) => sum + unitsDropped, 0)
  }
  const before = await dropped()
  const windows: SlowSeen[] = []
  for (let i = 0; i < count; i++) {
    const [at, away] = [i % 2, 1 - (i % 2)]
    const slow = await openClients((servers[at] as Started).url, camera, 1, slowBytesPerS)
    await setTimeout(2000)
    const [beside, without, ofSlow] = (await Promise.all(
      [others[at] as Clients, others[away] as Clients, slow].map((each) => watchFor(each, seconds)),
    )) as [SlowSeen['slow'], SlowSeen['slow'], SlowSeen['slow']]
    slow.child.kill()
    windows.push({ beside: beside.ages, without: without.ages, slow: ofSlow })
  }
  const leftOut = (await dropped()) - before
  for (const each of others) each.child.kill()
  return { windows, leftOut }
}

/** The footage at a bit rate that a slow viewer cannot follow. Lies in `directory`. */
const encodeBusy = (file: string, directory: string): string => {
  const busy = join(directory, 'busy.mp4')
  const from = ['filesrc', `location=${file}`, '!', ...'qtdemux ! h264parse ! avdec_h264 ! videoconvert'.split(' ')]
  const encode = '! openh264enc rate-control=bitrate bitrate=4800000 gop-size=24 ! h264parse ! mp4mux ! filesink'
  execFileSync('gst-launch-1.0', ['-q', ...from, ...encode.split(' '), `location=${busy}`], { stdio: 'ignore' })
  return busy
}

const viewersRun = async (servers: readonly [Started, Started], seconds: number, count: number): Promise<void> => {
  const [started] = servers
  const idle = await clientsRun(started, 'cam-0', 0, seconds)
  const one = await clientsRun(started, 'cam-0', 1, seconds)
  const fifty = await clientsRun(started, 'cam-0', 50, seconds)
  print('viewers_1_kbytes_per_s', one.bytes / 1000 / seconds)
  print('viewers_1_server_cpu_percent', one.cpuPercent - idle.cpuPercent)
  print('viewers_50_server_cpu_percent', fifty.cpuPercent - idle.cpuPercent)
  print('viewers_50_p99_ms', percentile(fifty.ages, 99))
  const busy = await clientsRun(started, 'busy', 1, seconds)
  print('busy_camera_kbytes_per_s', busy.bytes / 1000 / seconds)
  const { windows, leftOut } = await slowRun(servers, 'busy', windowSeconds, count)
  const slow = windows.map((each) => each.slow)
  const slowOldestMs = Math.max(...slow.map(({ ages }) => ages.at(-1) ?? 0))
  const slowSeconds = windowSeconds * count
  print('slow_viewer_kbytes_per_s', slow.reduce((sum, { bytes }) => sum + bytes, 0) / 1000 / slowSeconds)
  print('slow_viewer_units_per_s', slow.reduce((sum, { ages }) => sum + ages.length, 0) / slowSeconds)
  print('slow_viewer_oldest_ms', slowOldestMs)
  print('slow_viewer_longest_pause_ms', Math.max(...slow.map(({ pauseMs }) => pauseMs)))
  print('slow_viewer_units_left_out', leftOut)
  for (const which of ['beside', 'without'] as const)
    print(
      `others_${which}_p99_ms`,
      percentile(
        windows.flatMap((each) => each[which]),
        99,
      ),
    )
  const verdicts = viewerVerdicts({
    fiftyCpuPercent: fifty.cpuPercent - idle.cpuPercent,
    slowOldestMs,
    isSlowOpen: slow.every(({ areOpen }) => areOpen),
    windows,
  })
  for (const verdict of verdicts) console.log(`verdict ${inWords(verdict)}`)
  if (verdicts.some(({ met }) => met !== true)) process.exitCode = verdicts.some(({ met }) => met === false) ? 1 : 2
}

/** Prints the figures, and whether the aims are met. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tiles: { type: 'string', default: '1,4,9,16' },
      seconds: { type: 'string', default: '10' },
      windows: { type: 'string', default: '60' },
      file: { type: 'string', default: join(import.meta.dirname, '../footage/street.mp4') },
    },
  })
  const seconds = Number(values.seconds)
  const tiles = values.tiles.split(',').filter(Boolean).map(Number)
  const names = Array.from({ length: Math.max(1, ...tiles) }, (_, i) => `cam-${i}`)
  // The cameras are in this process, and the browser inherits it.
  goFirst(process.pid)
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-bench-'))
  const root = join(import.meta.dirname, 'viewer-page')
  const viewerDirectory = join(directory, 'page')
  await build({ root, base: './', logLevel: 'error', build: { outDir: viewerDirectory, target: 'es2022' } })
  const busy = { name: 'busy', file: encodeBusy(values.file, directory) }
  const cameras = await startSimulatedCameras([...names.map((name) => ({ name, file: values.file })), busy])
  const start = async (wanted: readonly string[]): Promise<Started> => {
    const server: Server = new Peer('./viewer-server.ts', 0)
    const urls = Object.fromEntries(
      cameras.cameras.flatMap(({ name, url }) => (wanted.includes(name) ? [[name, url]] : [])),
    )
    const { url } = await server.ask({ type: 'start', urls, viewerDirectory }, 'listening')
    await setTimeout(3000)
    return { server, url }
  }
  try {
    for (const count of tiles) {
      const { server, url } = await start(names.slice(0, count))
      await tilesRun(server, url, names.slice(0, count), seconds)
      server.child.kill()
    }
    const two = [await start(['cam-0', 'busy']), await start(['busy'])] as const
    await viewersRun(two, seconds, Number(values.windows))
  } finally {
    killPeers()
    await cameras.close()
    await rm(directory, { recursive: true })
  }
}
