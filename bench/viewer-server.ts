/** A process of `viewer.bench.ts`: cameras over RTSP into the WebSocket sink, without models. Frames get an event without faces. */
import { Registry } from 'prom-client'
import { openCameras } from '../src/ingest/cameras.ts'
import { cameraOptions } from '../src/ingest/options.ts'
import { createMetrics, mergeMetrics } from '../src/metrics.ts'
import { startServer } from '../src/server/http.ts'
import { httpOptions } from '../src/server/options.ts'
import { webSocketOptions } from '../src/sinks/websocket/options.ts'
import type { FramePicture } from '../src/sinks/websocket/protocol.ts'
import { webSocketSink } from '../src/sinks/websocket/websocket-sink.ts'
import type { CameraChange } from '../src/types.ts'
import { createPictures } from '../src/worker/pictures.ts'
import { createVideos } from '../src/worker/videos.ts'
import { frameEvent } from '../test/sinks/events.ts'

/** To this process. */
export type ToViewerServer =
  | { readonly type: 'start'; readonly urls: Readonly<Record<string, string>>; readonly viewerDirectory: string }
  | { readonly type: 'usage' }
/** From it. */
export type FromViewerServer =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'usage'; readonly cpuMs: number; readonly unitsDropped: number }

const quiet = (): void => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const registry = new Registry()
const metrics = createMetrics(registry)

const start = async ({ urls, viewerDirectory }: ToViewerServer & { type: 'start' }): Promise<string> => {
  const list = Object.entries(urls).map(([name, url]) => ({
    name,
    options: cameraOptions.parse({ url, decoder: 'software' }),
  }))
  const cameras = openCameras(list, { pictureSide: 320, untilEnd: false, log })
  const online = (): CameraChange[] =>
    list.map(({ name }) => ({ camera: name, state: 'online', atMs: 0, reason: 'it runs' }))
  const sink = webSocketSink(webSocketOptions.parse({}), {
    snapshot: () => ({ cameras: online(), people: [], aliases: {}, sightings: [] }),
    metrics,
    log,
    time: { nowMs: () => Date.now() },
  })
  const videos = createVideos({
    cameras,
    send: async (message) => {
      if (message.type === 'unit') sink.publishUnit(message.unit)
    },
    onDrop: quiet,
  })
  const frames = new Map<string, FramePicture['frame']>()
  const pictures = createPictures(
    ({ camera, seq }, jpeg) => {
      const frame = frames.get(`${camera} ${seq}`)
      if (frame) sink.publishPicture({ frame, jpeg })
    },
    quiet,
    () => performance.now(),
  )
  sink.watched$.subscribe((watched) => pictures.watch([...watched]))
  sink.watchedVideo$.subscribe((watched) => videos.watch([...watched.values()]))
  cameras.ready$.subscribe((camera) => {
    const frame = camera.take()
    if (frame === null) return
    const { stream, seq, ptsUs, capturedAtMs, clock } = frame
    const event = frameEvent(camera.name, seq, [])
    const data = { ...event.data, stream, ptsUs, capturedAtMs, clock }
    frames.set(`${camera.name} ${seq}`, data)
    if (frames.size > 1000) for (const key of frames.keys()) if (frames.size > 500) frames.delete(key)
    pictures.offer(frame)
    void sink.publish([{ ...event, data }])
    frame.close()
  })
  const server = await startServer(httpOptions.parse({ port: 0 }), {
    metrics: () => mergeMetrics(registry, new Map()),
    cameras: online,
    people: () => [],
    ready: () => ({ ready: true, reasons: [], warnings: [] }),
    webSocket: sink,
    denied: metrics,
    time: { nowMs: () => Date.now() },
    viewerDirectory,
    log,
  } as Parameters<typeof startServer>[1])
  return server.url
}

process.on('message', async (message: ToViewerServer) => {
  if (message.type === 'start') process.send?.({ type: 'listening', url: await start(message) })
  else {
    const { user, system } = process.cpuUsage()
    const drops = (await metrics.webSocketDrops.get()).values.find(({ labels }) => labels.kind === 'unit')
    process.send?.({ type: 'usage', cpuMs: (user + system) / 1000, unitsDropped: drops?.value ?? 0 })
  }
})
process.on('disconnect', () => process.exit())
