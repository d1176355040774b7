import type { FrameEvent, FrameFace } from '../../../src/events/types.ts'
import type { NoVideo, UnitHeader } from '../../../src/sinks/websocket/protocol.ts'
import type { CameraId } from '../../../src/types.ts'
import type { FromVideoWorker, ToVideoWorker } from './messages.ts'
import type { Look, LookedFrame, PictureSize, VideoFigures, VideoState } from './types.ts'
import { type Watching, wishOf } from './watching.ts'

/** The part of `@rollcall/client` that a tile needs. The page subscribes to the topic `frames`. */
export interface VideoClient {
  nowMs(): number
  onUnit(listener: (unit: UnitHeader & { readonly bytes: Uint8Array<ArrayBuffer> }) => void): () => void
  onPicture(
    listener: (picture: { readonly frame: FrameEvent['data']; readonly jpeg: Uint8Array<ArrayBuffer> }) => void,
  ): () => void
  onNoVideo(listener: (message: NoVideo) => void): () => void
  on(type: 'rollcall.frame.v1', listener: (event: FrameEvent) => void): () => void
}

/** What a tile shows, and whom it tells. */
export interface VideoOptions {
  readonly camera: CameraId
  readonly client: VideoClient
  /** One for all tiles of the page: `createWatching((watch) => client.watch(watch))`. */
  readonly watching: Watching
  /** How a face is drawn: called again by `refresh`. */
  readonly look: (face: Pick<FrameFace, 'person' | 'track'>) => Look
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
  want(most: 'all' | 'keys' | 'stills' | 'nothing'): void
  /** The canvas' size in device pixels. */
  resize(width: number, height: number): void
  /** Names or the choice have changed: draws with what `look` says now. */
  refresh(): void
  close(): void
}

type WithoutTile<Message> = Message extends unknown ? Omit<Message, 'tile'> : never
type TileMessage = WithoutTile<ToVideoWorker>

/** Without a picture for so long, or waiting for a key frame, stills are asked for as well. */
const stillsAfterMs = 1000

/** The worker of all tiles. It lives as long as the page. */
let shared: { readonly worker: Worker; readonly listeners: Map<number, (message: FromVideoWorker) => void> } | null =
  null
let tiles = 0

const sharedWorker = () => {
  if (shared !== null) return shared
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'video' })
  const listeners = new Map<number, (message: FromVideoWorker) => void>()
  worker.addEventListener('message', ({ data }: MessageEvent<FromVideoWorker>) => listeners.get(data.tile)?.(data))
  shared = { worker, listeners }
  return shared
}

/**
 * Shows a camera on a canvas, which belongs to the worker from then on: its own video where the browser decodes it, else
 * stills. Boxes are those of the picture they are drawn on. Nothing is decoded or asked for while the page is hidden.
 */
export const createVideo = (
  canvas: HTMLCanvasElement,
  { camera, client, watching, look, ...options }: VideoOptions,
): Video => {
  const tile = ++tiles
  const { worker, listeners } = sharedWorker()
  const send = (message: TileMessage, transfer: Transferable[] = []): void =>
    worker.postMessage({ ...message, tile }, transfer)
  const offset = (): number => client.nowMs() - Date.now()
  const persons = new Map<string, string | null>()
  /** The last frames, which may be shown later. */
  const frames = new Map<string, FrameEvent['data']>()
  let state: VideoState | null = null
  let most: Parameters<Video['want']>[0] = 'nothing'
  let lateTimer: ReturnType<typeof setTimeout> | undefined
  let isLate = false

  const wish = (): void => watching.set(tile, camera, document.hidden ? null : wishOf(state, most, isLate))
  /** Stills fill the time until a picture comes, so that no tile is empty. */
  const watchForLate = (): void => {
    const lacks = most !== 'nothing' && (state === null || !state.hasPicture || state.waiting !== null)
    if (lacks) {
      lateTimer ??= setTimeout(() => {
        isLate = true
        wish()
      }, stillsAfterMs)
      return
    }
    clearTimeout(lateTimer)
    lateTimer = undefined
    isLate = false
  }
  const looked = (frame: FrameEvent['data']): LookedFrame => {
    const { stream, ptsUs, seq, capturedAtMs, clock, width, height } = frame
    frames.set(`${stream} ${ptsUs}`, frame)
    if (frames.size > 120) for (const key of frames.keys()) if (frames.size > 60) frames.delete(key)
    const faces = frame.faces.map((face) => {
      const { track, box, person } = face
      persons.delete(track)
      persons.set(track, person)
      return { track, box, look: look({ track, person }) }
    })
    if (persons.size > 200) for (const track of persons.keys()) if (persons.size > 100) persons.delete(track)
    return { stream, ptsUs, seq, capturedAtMs, clock, width, height, faces }
  }
  const applyLevel = (): void => {
    send({ type: 'level', most: document.hidden ? 'nothing' : most })
    watchForLate()
    wish()
  }

  listeners.set(tile, (message) => {
    switch (message.type) {
      case 'figures':
        return options.onFigures?.(message.figures)
      case 'resized':
        return options.onResized?.(message.size)
      case 'shown': {
        const frame = frames.get(`${message.stream} ${message.ptsUs}`)
        return frame && options.onShown?.(frame)
      }
      case 'state':
        state = message.state
        watchForLate()
        wish()
        return options.onState?.(message.state)
    }
  })
  const offscreen = canvas.transferControlToOffscreen()
  send({ type: 'open', canvas: offscreen, clockOffsetMs: offset() }, [offscreen])
  const off = [
    client.onUnit(({ bytes, kind: _kind, ...stamp }) => {
      if (stamp.camera !== camera || most === 'nothing') return
      send({ type: 'unit', stamp, data: bytes })
    }),
    client.onPicture(({ frame, jpeg }) => {
      if (frame.camera === camera && most !== 'nothing') send({ type: 'still', frame: looked(frame), jpeg })
    }),
    client.onNoVideo((message) => {
      if (message.camera === camera) send({ type: 'noVideo', reason: message.reason })
    }),
    client.on('rollcall.frame.v1', ({ data }) => {
      if (data.camera === camera && most !== 'nothing') send({ type: 'frame', frame: looked(data) })
    }),
  ]
  document.addEventListener('visibilitychange', applyLevel)
  const clock = setInterval(() => send({ type: 'clock', offsetMs: offset() }), 10_000)

  return {
    want: (next) => {
      if (next === most) return
      most = next
      applyLevel()
    },
    resize: (width, height) => send({ type: 'size', width, height, ratio: devicePixelRatio }),
    refresh: () =>
      send({ type: 'looks', looks: [...persons].map(([track, person]) => [track, look({ track, person })]) }),
    close: () => {
      for (const each of off) each()
      clearInterval(clock)
      clearTimeout(lateTimer)
      document.removeEventListener('visibilitychange', applyLevel)
      watching.set(tile, camera, null)
      listeners.delete(tile)
      send({ type: 'close' })
    },
  }
}
