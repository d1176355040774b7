/** A child process of the WebSocket benchmark: Rollcall's server, or bare `ws`, which sends the same events. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import { type WebSocket, WebSocketServer } from 'ws'
import type { FrameEvent } from '../src/events/types.ts'
import { createMetrics, mergeMetrics } from '../src/metrics.ts'
import { startServer } from '../src/server/http.ts'
import { httpOptions } from '../src/server/options.ts'
import { webSocketOptions } from '../src/sinks/websocket/options.ts'
import { webSocketSink } from '../src/sinks/websocket/websocket-sink.ts'
import { clockMs, frameEvent } from './frame-events.ts'

export type Kind = 'rollcall' | 'bare'

export type ToServer =
  | { readonly type: 'start'; readonly kind: Kind }
  /** Sends events at this rate for so long. */
  | { readonly type: 'pace'; readonly eventsPerSecond: number; readonly durationMs: number }
  /** Sends as many events at once. */
  | { readonly type: 'burst'; readonly events: number }
  | { readonly type: 'usage' }

export type FromServer =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'paced' | 'burst'; readonly events: number }
  | {
      readonly type: 'usage'
      readonly cpuMs: number
      readonly rssBytes: number
      readonly terminations: number
      readonly drops: number
    }

type Publish = (events: readonly FrameEvent[]) => void
const registry = new Registry()
const metrics = createMetrics(registry)

const rollcall = async (): Promise<{ port: number; publish: Publish }> => {
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const time = { nowMs: Date.now }
  const snapshot = () => ({ cameras: [], people: [], aliases: {}, sightings: [] })
  const sink = webSocketSink(webSocketOptions.parse({ maxClients: 1000 }), { snapshot, metrics, log, time })
  const server = await startServer(
    httpOptions.parse({ port: 0, limits: { connectionsPerAddress: 1000, requestsPerMinute: 100_000 } }),
    {
      metrics: () => mergeMetrics(registry, new Map()),
      cameras: () => [],
      people: () => [],
      ready: () => ({ ready: true, reasons: [], warnings: [] }),
      webSocket: sink,
      denied: metrics,
      viewerDirectory: import.meta.dirname,
      time,
      log,
    },
  )
  return { port: Number(new URL(server.url).port), publish: (events) => void sink.publish(events) }
}

const bare = async (): Promise<{ port: number; publish: Publish }> => {
  const http = createServer()
  const clients = new Set<WebSocket>()
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
    clients.add(socket)
    socket.on('close', () => clients.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const publish: Publish = (events) => {
    for (const each of events) {
      const text = Buffer.from(JSON.stringify(each))
      for (const client of clients) client.send(text, { binary: false })
    }
  }
  return { port: (http.address() as AddressInfo).port, publish }
}

let publish: Publish = () => {}
const answer = (message: FromServer): void => void process.send?.(message)

const pace = (eventsPerSecond: number, durationMs: number): void => {
  const startedAtMs = clockMs()
  let sent = 0
  const timer = setInterval(() => {
    const elapsedMs = Math.min(clockMs() - startedAtMs, durationMs)
    for (; sent < (elapsedMs / 1000) * eventsPerSecond; sent++) publish([frameEvent()])
    if (elapsedMs < durationMs) return
    clearInterval(timer)
    answer({ type: 'paced', events: sent })
  }, 2)
}

process.on('message', async (message: ToServer) => {
  if (message.type === 'start') {
    const started = await (message.kind === 'bare' ? bare() : rollcall())
    publish = started.publish
    answer({ type: 'listening', port: started.port })
  } else if (message.type === 'pace') pace(message.eventsPerSecond, message.durationMs)
  else if (message.type === 'burst') {
    publish(Array.from({ length: message.events }, frameEvent))
    answer({ type: 'burst', events: message.events })
  } else {
    const { user, system } = process.cpuUsage()
    const sum = async (counter: typeof metrics.webSocketTerminations | typeof metrics.webSocketDrops) =>
      (await counter.get()).values.reduce((total, { value }) => total + value, 0)
    answer({
      type: 'usage',
      cpuMs: (user + system) / 1000,
      rssBytes: process.memoryUsage.rss(),
      terminations: await sum(metrics.webSocketTerminations),
      drops: await sum(metrics.webSocketDrops),
    })
  }
})
