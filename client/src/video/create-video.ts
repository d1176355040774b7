import type { Client } from '../client.ts'
import type { FrameEvent } from '../events.ts'
import type { Off } from '../listeners.ts'
import { createFrameMemory } from './frame-memory.ts'
import type { TileReport } from './messages.ts'
import { createTileWishes, type Most } from './tile-wish.ts'
import type { Look, PictureSize, ToldFace, VideoFigures, VideoState } from './types.ts'
import { type TileChannel, videoWorker } from './video-worker.ts'
import type { Watching } from './watching.ts'

/** The part of a `Client` that a tile needs. The page subscribes to the topic `frames`. */
export interface VideoClient extends Pick<Client, 'nowMs' | 'onUnit' | 'onPicture' | 'onNoVideo'> {
  on(type: 'rollcall.frame.v1', listener: (event: FrameEvent) => void): Off
}

/** What a tile shows, and whom it tells. */
export interface VideoOptions {
  readonly camera: string
  readonly client: VideoClient
  /** One for all tiles of the page: `createWatching((watch) => client.watch(watch))`. */
  readonly watching: Watching
  /** How a face is drawn: called again by `refresh`. */
  readonly look: (face: ToldFace) => Look
  readonly onState?: (state: VideoState) => void
  /** The picture of this frame is on the canvas, with its boxes. Pictures that were not analysed are not told. */
  readonly onShown?: (frame: FrameEvent['data']) => void
  /** Pictures have this size, upright, with square pixels: the canvas is to have this shape. */
  readonly onResized?: (size: PictureSize) => void
  /** Twice a second. */
  readonly onFigures?: (figures: VideoFigures) => void
}

/** A camera's video on a canvas. Whoever makes it closes it. */
export interface Video {
  /** The most that this tile may show: the rest decides about how much its decoder does. Begins with `nothing`. */
  want(most: Most): void
  /** The canvas' size in device pixels. */
  resize(width: number, height: number): void
  /** Names or the choice have changed: draws with what `look` says now. */
  refresh(): void
  close(): void
}

/** The server's clock is told to the worker so often. */
const clockEveryMs = 10_000

/**
 * Shows a camera on a canvas, which belongs to the worker from then on: its own video where the browser decodes it, else
 * stills. Boxes are those of the picture they are drawn on. Nothing is decoded or asked for while the page is hidden.
 */
export const createVideo = (canvas: HTMLCanvasElement, options: VideoOptions): Video => {
  const { camera, client, watching, look } = options
  const frames = createFrameMemory(look)
  const channel = videoWorker().open((message) => receive(message))
  const { tile, send } = channel
  const wishes = createTileWishes(
    (wish) => watching.set(tile, camera, wish),
    () => document.hidden,
  )
  const clockOffsetMs = (): number => client.nowMs() - Date.now()
  const receive = (message: TileReport): void => {
    switch (message.type) {
      case 'figures':
        options.onFigures?.(message.figures)
        break
      case 'resized':
        options.onResized?.(message.size)
        break
      case 'shown': {
        const frame = frames.find(message.stream, message.ptsUs)
        if (frame) options.onShown?.(frame)
        break
      }
      case 'state':
        wishes.become(message.state)
        options.onState?.(message.state)
    }
  }
  const applyLevel = (): void => {
    send({ type: 'level', most: document.hidden ? 'nothing' : wishes.most })
    wishes.update()
  }
  const offscreen = canvas.transferControlToOffscreen()
  send({ type: 'open', canvas: offscreen, clockOffsetMs: clockOffsetMs() }, [offscreen])
  const off = passOn(client, camera, send, frames, () => wishes.most !== 'nothing')
  document.addEventListener('visibilitychange', applyLevel)
  const clock = setInterval(() => send({ type: 'clock', offsetMs: clockOffsetMs() }), clockEveryMs)

  return {
    want: (most) => {
      if (most === wishes.most) return
      wishes.want(most)
      applyLevel()
    },
    resize: (width, height) => send({ type: 'size', width, height, ratio: devicePixelRatio }),
    refresh: () => send({ type: 'looks', looks: frames.looks() }),
    close: () => {
      off()
      clearInterval(clock)
      document.removeEventListener('visibilitychange', applyLevel)
      wishes.close()
      channel.close()
    },
  }
}

/** Passes on to the worker what comes of the camera while something of it is wanted; returns how to end it. */
const passOn = (
  client: VideoClient,
  camera: string,
  send: TileChannel['send'],
  frames: ReturnType<typeof createFrameMemory>,
  isWanted: () => boolean,
): Off => {
  const off = [
    client.onUnit(({ bytes, kind: _kind, ...stamp }) => {
      if (stamp.camera === camera && isWanted()) send({ type: 'unit', stamp, data: bytes })
    }),
    client.onPicture(({ frame, jpeg }) => {
      if (frame.camera === camera && isWanted()) send({ type: 'still', frame: frames.add(frame), jpeg })
    }),
    client.onNoVideo((message) => {
      if (message.camera === camera) send({ type: 'noVideo', reason: message.reason })
    }),
    client.on('rollcall.frame.v1', ({ data }) => {
      if (data.camera === camera && isWanted()) send({ type: 'frame', frame: frames.add(data) })
    }),
  ]
  return () => {
    for (const each of off) each()
  }
}
