import type { Duplex } from 'node:stream'
import { Registry } from 'prom-client'
import { createMetrics, mergeMetrics } from '../../src/metrics.ts'
import { startServer } from '../../src/server/http.ts'
import { httpOptions } from '../../src/server/options.ts'
import { silent } from '../../src/silent-log.ts'
import { webSocketOptions } from '../../src/sinks/websocket/options.ts'
import { webSocketSink } from '../../src/sinks/websocket/websocket-sink.ts'
import type { CameraChange, Person } from '../../src/types.ts'

export interface SiteState {
  cameras: CameraChange[]
  people: Person[]
}

/** The real server and WebSocket sink, with a state that the test writes; logs go nowhere. */
export const startSite = async (viewerDirectory: string, state: SiteState, port = 0, http: object = {}) => {
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const time = { nowMs: () => Date.now() }
  const sink = webSocketSink(webSocketOptions.parse({ maxAgeMs: 30_000 }), {
    snapshot: () => ({ ...state, aliases: {}, sightings: [] }),
    metrics,
    log: silent,
    time,
  })
  const watched: string[][] = []
  sink.watched$.subscribe((cameras) => watched.push([...cameras].sort()))
  const clients = new Set<Duplex>()
  const server = await startServer(httpOptions.parse({ port, ...http }), {
    metrics: () => mergeMetrics(registry, new Map()),
    cameras: () => state.cameras,
    people: () => state.people,
    ready: () => ({ ready: true, reasons: [], warnings: [] }),
    photos: { kept: 'off', ofPerson: () => [], ofSighting: () => [], best: () => [], jpeg: () => null },
    webSocket: {
      refuse: sink.refuse,
      accept: (request, socket, head) => {
        clients.add(socket)
        socket.once('close', () => clients.delete(socket))
        sink.accept(request, socket, head)
      },
    },
    denied: metrics,
    events: () => ({ epoch: '', events: [], next: null }),
    time,
    viewerDirectory,
    log: silent,
  })
  return {
    url: server.url,
    sink,
    clients: () => clients.size,
    /** Cuts every connection, as a network does. */
    cut: () => {
      for (const socket of clients) socket.destroy()
    },
    watched: () => watched.at(-1) ?? [],
    close: async () => {
      await sink.close()
      await server.close()
    },
  }
}

export type Site = Awaited<ReturnType<typeof startSite>>
