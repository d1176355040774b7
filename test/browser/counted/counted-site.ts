import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { build } from 'vite'
import type { SimulatedCamera } from '../../../simulator/camera.ts'
import type { Loop } from '../../../simulator/loop.ts'
import type { Quirks } from '../../../simulator/quirks.ts'
import { startRtspServer } from '../../../simulator/rtsp-server.ts'
import { openCameras } from '../../../src/ingest/cameras.ts'
import { cameraOptions } from '../../../src/ingest/options.ts'
import { createMetrics, mergeMetrics } from '../../../src/metrics.ts'
import { startServer } from '../../../src/server/http.ts'
import { httpOptions } from '../../../src/server/options.ts'
import { silent } from '../../../src/silent-log.ts'
import { webSocketOptions } from '../../../src/sinks/websocket/options.ts'
import { webSocketSink } from '../../../src/sinks/websocket/websocket-sink.ts'
import type { CameraChange, Frame } from '../../../src/types.ts'
import { createPictures } from '../../../src/worker/pictures.ts'
import { createVideos } from '../../../src/worker/videos.ts'
import { frameEvent, frameFace } from '../../sinks/events.ts'
import { columns, counterOf, placesOf } from './counter.ts'

/** A camera of counted pictures. */
export interface CountedCamera {
  readonly loop: Loop
  readonly quirks?: Quirks
  /** Only every so many-th picture is analysed. It defaults to 1. */
  readonly analyseEvery?: number
}

/** The counter that a decoded picture shows; null when it cannot be read. */
const counterIn = ({ picture: { data, width } }: Frame): number | null =>
  counterOf(
    Array.from({ length: columns }, (_, i) => (data[8 * width + Math.round(((i + 0.5) * width) / columns)] ?? 0) > 128),
  )

/** The counter as two faces: what a detector would find if the counter were people. */
export const eventOf = (frame: Frame, counter: number) => {
  const { camera, stream, seq, ptsUs, capturedAtMs, clock } = frame
  const faces = placesOf(counter).map((x, i) => ({
    ...frameFace(`p-${i}`, x, 0.4 + 0.32 * i, 0.04, 0.24),
    track: `${camera}/${stream}/${i}`,
  }))
  const event = frameEvent(camera, seq, faces)
  const { width, height } = frame.full
  return {
    ...event,
    id: `${camera}/${stream}/${seq}`,
    data: { ...event.data, stream, ptsUs, capturedAtMs, clock, width, height },
  }
}

const buildPage = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-counted-'))
  const root = join(import.meta.dirname, 'page')
  await build({
    root,
    logLevel: 'error',
    base: './',
    build: {
      outDir: directory,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  })
  return directory
}

/**
 * Counted cameras over RTSP into the real ingest, WebSocket sink and server, and a page that plays them. In place of models
 * stands one that reads the counter; all in one process, so that a short test is short.
 */
export const openCountedSite = async (given: Readonly<Record<string, CountedCamera>>) => {
  await using opening = new AsyncDisposableStack()
  const viewerDirectory = opening.adopt(await buildPage(), (directory) => rm(directory, { recursive: true }))
  const rtsp: Record<string, SimulatedCamera> = {}
  const list = await Promise.all(
    Object.entries(given).map(async ([name, { loop, quirks }]) => {
      const server = opening.adopt(await startRtspServer(quirks ? { quirks } : {}), (started) => started.close())
      rtsp[name] = server.addCamera(name, { loop })
      return { name, options: cameraOptions.parse({ url: server.url(name), decoder: 'software' }) }
    }),
  )
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const quiet = () => undefined
  const cameras = opening.adopt(openCameras(list, { pictureSide: 192, untilEnd: false, log: silent }), (opened) =>
    opened.close(),
  )
  const time = { nowMs: () => Date.now() }
  const changes = (): CameraChange[] =>
    list.map(({ name }) => ({ camera: name, state: 'online', atMs: 0, reason: 'it runs' }))
  const sink = opening.adopt(
    webSocketSink(webSocketOptions.parse({ maxAgeMs: 10_000 }), {
      snapshot: () => ({ cameras: changes(), people: [], aliases: {}, sightings: [] }),
      metrics,
      log: silent,
      time,
    } as Parameters<typeof webSocketSink>[1]),
    (opened) => opened.close(),
  )
  /** Stills wait for the event of their frame, as they do in the identity process. */
  const frames = new Map<string, ReturnType<typeof eventOf>['data']>()
  const pictures = createPictures(
    ({ stream, seq }, jpeg) => {
      const frame = frames.get(`${stream} ${seq}`)
      if (frame) sink.publishPicture({ frame, jpeg })
    },
    quiet,
    () => performance.now(),
  )
  const videos = createVideos({
    cameras,
    send: async (message) => {
      if (message.type === 'unit') sink.publishUnit(message.unit)
      if (message.type === 'noVideo') sink.publishNoVideo(message.camera, message.reason)
    },
    onDrop: quiet,
  })
  sink.watched$.subscribe((watched) => pictures.watch([...watched]))
  sink.watchedVideo$.subscribe((watched) => videos.watch([...watched.values()]))
  let analysed = 0
  cameras.ready$.subscribe((camera) => {
    const frame = camera.take()
    if (frame === null) return
    const counter = counterIn(frame)
    const every = given[camera.name]?.analyseEvery ?? 1
    if (counter !== null && analysed++ % every === 0) {
      const event = eventOf(frame, counter)
      frames.set(`${frame.stream} ${frame.seq}`, event.data)
      if (frames.size > 64) for (const key of frames.keys()) if (frames.size > 32) frames.delete(key)
      pictures.offer(frame)
      void sink.publish([event])
    }
    frame.close()
  })
  const server = opening.adopt(
    await startServer(httpOptions.parse({ port: 0 }), {
      metrics: () => mergeMetrics(registry, new Map()),
      cameras: changes,
      people: () => [],
      ready: () => ({ ready: true, reasons: [], warnings: [] }),
      webSocket: sink,
      denied: metrics,
      time,
      viewerDirectory,
      log: silent,
    } as Parameters<typeof startServer>[1]),
    (started) => started.close(),
  )
  const owned = opening.move()
  return { url: server.url, rtsp, sink, metrics, close: () => owned.disposeAsync() }
}
