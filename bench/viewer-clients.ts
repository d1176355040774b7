/** A process of `viewer.bench.ts`: clients that watch one camera's video, perhaps behind a slow network. */

import type { AddressInfo } from 'node:net'
import { connect as connectTcp, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** To this process. `seen` begins to count anew. */
export type ToViewerClients =
  | {
      readonly type: 'open'
      readonly url: string
      readonly camera: string
      readonly count: number
      /** What each of them gets at most; null does not limit it. */
      readonly bytesPerS: number | null
    }
  | { readonly type: 'seen' }
/** From it. Ages are from the unit's arrival at the server, milliseconds, in ascending order. */
export type FromViewerClients =
  | { readonly type: 'opened' }
  | {
      readonly type: 'seen'
      readonly ages: readonly number[]
      readonly bytes: number
      /** The longest time between two units of one viewer, milliseconds. */
      readonly pauseMs: number
      readonly areOpen: boolean
    }

interface Watcher {
  readonly socket: WebSocket
  ages: number[]
  bytes: number
  pauseMs: number
}

const open = (url: string, camera: string): Promise<Watcher> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, 'rollcall.v1')
    const watcher: Watcher = { socket, ages: [], bytes: 0, pauseMs: 0 }
    let [n, atMs] = [0, performance.now()]
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return
      const header = JSON.parse(data.toString('utf8', 4, 4 + data.readUInt32BE(0))) as { arrivedAtMs: number }
      watcher.ages.push(performance.timeOrigin + performance.now() - header.arrivedAtMs)
      watcher.bytes += data.length
      watcher.pauseMs = Math.max(watcher.pauseMs, performance.now() - atMs)
      atMs = performance.now()
      socket.send(JSON.stringify({ type: 'ack', n: ++n }))
    })
    socket.on('error', () => undefined)
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'watch', cameras: [], video: [{ camera }] }))
      resolve(watcher)
    })
  })

/** A proxy that passes on so many bytes a second to its client. */
const slowProxy = async (url: string, bytesPerS: number): Promise<string> => {
  const { hostname, port } = new URL(url)
  const server = createServer((client) => {
    const upstream = connectTcp({ host: hostname, port: Number(port) })
    client.pipe(upstream)
    upstream.on('data', async (chunk) => {
      upstream.pause()
      client.write(chunk)
      await setTimeout((1000 * chunk.length) / bytesPerS)
      upstream.resume()
    })
    for (const each of [client, upstream]) each.on('error', () => undefined)
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let watchers: readonly Watcher[] = []

const seen = (): FromViewerClients => ({
  type: 'seen',
  ages: watchers.flatMap((watcher) => watcher.ages).toSorted((a, b) => a - b),
  bytes: watchers.reduce((sum, watcher) => sum + watcher.bytes, 0),
  pauseMs: Math.max(0, ...watchers.map(({ pauseMs }) => pauseMs)),
  areOpen: watchers.every(({ socket }) => socket.readyState === WebSocket.OPEN),
})

process.on('message', async (message: ToViewerClients) => {
  if (message.type === 'open') {
    const { url, camera, count, bytesPerS } = message
    const address = async (): Promise<string> => (bytesPerS === null ? url : await slowProxy(url, bytesPerS))
    watchers = await Promise.all(Array.from({ length: count }, async () => open(await address(), camera)))
    process.send?.({ type: 'opened' } satisfies FromViewerClients)
    return
  }
  process.send?.(seen())
  for (const watcher of watchers) Object.assign(watcher, { ages: [], bytes: 0, pauseMs: 0 })
})
process.on('disconnect', () => process.exit())
