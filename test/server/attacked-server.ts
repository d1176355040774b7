/** The real server in a process of its own, so that its memory is its own; says its port, and its memory when asked. */
import { Registry } from 'prom-client'
import { createMetrics, mergeMetrics } from '../../src/metrics.ts'
import { startServer } from '../../src/server/http.ts'
import { httpOptions } from '../../src/server/options.ts'
import { webSocketOptions } from '../../src/sinks/websocket/options.ts'
import { webSocketSink } from '../../src/sinks/websocket/websocket-sink.ts'
import { openPeopleService } from './gallery-in-memory.ts'

const registry = new Registry()
const metrics = createMetrics(registry)
const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const time = { nowMs: () => Date.now() }
const snapshot = () => ({ cameras: [], people: [], aliases: {}, sightings: [] })
// Its clock is slow, so that a flood is one on the slowest machine, and nobody is let go for being slow.
const ageMs = (): number => performance.now() / 100
const webSocket = webSocketOptions.parse({ maxAgeMs: 60_000, heartbeatMs: 600_000 })
const sink = webSocketSink(webSocket, { snapshot, metrics, log, time, ageMs })
const server = await startServer(httpOptions.parse(JSON.parse(process.argv[2] ?? '{}')), {
  metrics: () => mergeMetrics(registry, new Map()),
  cameras: () => [],
  people: () => [],
  ...openPeopleService(),
  ready: () => ({ ready: true, reasons: [], warnings: [] }),
  webSocket: sink,
  denied: metrics,
  viewerDirectory: import.meta.dirname,
  time,
  log,
})

const sum = async (counter: typeof metrics.httpDenied): Promise<number> =>
  (await counter.get()).values.reduce((total, { value }) => total + value, 0)

process.on('message', async () => {
  global.gc?.()
  const [denied, terminations] = [await sum(metrics.httpDenied), await sum(metrics.webSocketTerminations)]
  const clients = (await metrics.webSocketClients.get()).values[0]?.value ?? 0
  const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage()
  process.send?.({ rssBytes, heapBytes, denied, terminations, clients })
})
process.send?.({ port: Number(new URL(server.url).port) })
