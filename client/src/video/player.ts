import type { UnitStamp } from '../protocol.ts'
import { waitWords } from './continuity.ts'
import { type DecodedPicture, whyNotDecoded } from './decoder.ts'
import { createFigureCounter } from './figures.ts'
import type { Load } from './load.ts'
import type { ToVideoWorker } from './messages.ts'
import { paint } from './paint.ts'
import { createPictureQueue } from './picture-queue.ts'
import { createPlayout } from './playout.ts'
import { type Boxes, createTimeline } from './timeline.ts'
import type { LookedFace, LookedFrame, PictureSize, VideoFigures, VideoLevel, VideoState } from './types.ts'
import { createUnitFeed } from './unit-feed.ts'

/** Stills are not shown while video goes on: it has shown a picture within this time. */
const videoFreshMs = 800
/** The assumed time between pictures, until some are known. */
const frameUs = 40_000

/** One canvas, and what is shown on it. */
export interface Player {
  receive(message: ToVideoWorker): void
  /** Shows what is due. Called for every frame of the display. */
  tick(nowMs: number): void
  figures(nowMs: number): VideoFigures
  close(): void
}

/** Where a player paints, and whom it tells. */
export interface PlayerDeps {
  readonly canvas: OffscreenCanvas
  /** Shared by all players. */
  readonly load: Load
  readonly onState: (state: VideoState) => void
  readonly onResized: (size: PictureSize) => void
  /** The picture of this analysed frame has been painted, with its boxes. */
  readonly onShown: (stream: string, ptsUs: number) => void
  /** Unix milliseconds of this machine. */
  readonly nowMs: () => number
  /** The server's clock minus that, milliseconds. */
  readonly clockOffsetMs: number
}

/** What is on the canvas. */
interface Current {
  readonly image: VideoFrame | ImageBitmap
  readonly turn: UnitStamp['turn']
  readonly faces: readonly LookedFace[]
  /** Null for a still. */
  readonly stamp: UnitStamp | null
  readonly from: Boxes['from']
}

const less: Readonly<Record<VideoLevel, string | null>> = {
  all: null,
  fewer: 'this device does not keep up: fewer pictures',
  keys: 'this device does not keep up: key frames only',
  stills: 'this device does not keep up: stills',
  nothing: null,
}

const rank: readonly VideoLevel[] = ['all', 'fewer', 'keys', 'stills', 'nothing']
const lesser = (a: VideoLevel, b: VideoLevel): VideoLevel => (rank.indexOf(a) > rank.indexOf(b) ? a : b)

/** Plays the units and stills of one camera on a canvas, each picture with its own boxes. */
export const createPlayer = ({ canvas, load, onState, onShown, nowMs, ...deps }: PlayerDeps): Player => {
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('a canvas without a context')
  const [playout, timeline] = [createPlayout(), createTimeline()]
  const figures = createFigureCounter(nowMs())
  let { clockOffsetMs } = deps
  let ratio = 1
  let most: VideoLevel = 'nothing'
  /** Why there is no video, by the server, by this browser. */
  const without = { server: null as string | null, browser: null as string | null }
  /** The codecs that were asked for: why they are not decoded, or null. */
  const support = new Map<string, string | null>()
  let undecided: { readonly stamp: UnitStamp; readonly data: Uint8Array<ArrayBuffer> }[] = []
  let current: Current | null = null
  let videoAtMs = Number.NEGATIVE_INFINITY
  /** Numbers of stills: the last that came, and the one that was shown last. */
  const stills = { arrived: 0, shown: 0 }
  let hasPicture = false
  let size: PictureSize = { width: 0, height: 0 }
  let said = ''
  let stream: string | null = null
  let isOdd = false

  const possible = (): VideoLevel => lesser(most, without.browser === null ? load.level : 'stills')
  const level = (): VideoLevel => (without.server === null ? possible() : lesser(most, 'stills'))
  const say = (): void => {
    const now = level()
    const reason =
      now === 'nothing' ? null : (without.server ?? without.browser ?? (now === load.level ? less[now] : null))
    const isVideo = now !== 'stills' && now !== 'nothing'
    const waiting = isVideo && feed.waiting !== null ? waitWords[feed.waiting] : null
    const state: VideoState = { level: now, possible: possible(), reason, waiting, hasPicture }
    const text = JSON.stringify(state)
    if (text === said) return
    said = text
    onState(state)
  }
  const queue = createPictureQueue((count) => figures.dropped(count))
  const feed = createUnitFeed({
    playout,
    load,
    nowMs,
    onPicture: (picture) => queue.add(picture),
    onDrop: (count) => figures.dropped(count),
    onGiveUp: (reason) => {
      without.browser = reason
      say()
    },
  })

  const repaint = (): void => {
    if (current !== null) paint(context, current, ratio)
  }
  const show = (next: Current, { width, height }: PictureSize): void => {
    if (size.width !== width || size.height !== height) {
      size = { width, height }
      deps.onResized(size)
    }
    if (current !== null && current.image !== next.image) current.image.close()
    current = next
    hasPicture = true
    repaint()
  }
  const count = (
    at: Pick<UnitStamp, 'stream' | 'ptsUs' | 'capturedAtMs' | 'clock'>,
    { from, faces, errorFrames }: Omit<Boxes, 'frame'>,
  ): void => {
    const { stream, ptsUs, capturedAtMs, clock } = at
    const tracks = faces.map(({ track }) => track)
    figures.shown(
      { stream, ptsUs, capturedAtMs, clock, boxes: from, tracks, errorFrames },
      nowMs() + clockOffsetMs - capturedAtMs,
      nowMs(),
    )
  }
  const showPicture = ({ image, stamp }: DecodedPicture, now: number): void => {
    videoAtMs = now
    const boxes = timeline.boxesAt(stamp.stream, stamp.ptsUs, frameUs)
    show({ image, turn: stamp.turn, faces: boxes.faces, stamp, from: boxes.from }, boxes.frame ?? stamp)
    if (boxes.from === 'exact') onShown(boxes.frame?.stream ?? stamp.stream, stamp.ptsUs)
    count(
      {
        ...stamp,
        capturedAtMs: boxes.from === 'exact' ? (boxes.frame?.capturedAtMs ?? stamp.capturedAtMs) : stamp.capturedAtMs,
      },
      boxes,
    )
  }
  /** Boxes that came after their picture was shown. */
  const correct = (): void => {
    if (current?.stamp == null || current.from === 'exact') return
    const { stream, ptsUs } = current.stamp
    const { from, faces, frame } = timeline.boxesAt(stream, ptsUs, frameUs)
    current = { ...current, from, faces }
    repaint()
    if (from === 'exact' && frame !== null) onShown(frame.stream, ptsUs)
  }
  const showStill = async (frame: LookedFrame, jpeg: Uint8Array<ArrayBuffer>): Promise<void> => {
    const arrival = ++stills.arrived
    const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => null)
    if (image === null) return
    // Two may be decoded at the same time, and the older one may be ready later.
    if (nowMs() - videoAtMs < videoFreshMs || most === 'nothing' || arrival < stills.shown) {
      image.close()
      return
    }
    stills.shown = arrival
    show({ image, turn: 0, faces: frame.faces, stamp: null, from: 'exact' }, frame)
    onShown(frame.stream, frame.ptsUs)
    count(frame, { from: 'exact', faces: frame.faces, errorFrames: 0 })
    say()
  }

  const add = (stamp: UnitStamp, data: Uint8Array<ArrayBuffer>): void => {
    const now = nowMs()
    timeline.unit(stamp)
    playout.arrived(stamp.ptsUs, now)
    feed.add(stamp, data, now)
    feed.feed(now, !hasPicture)
    say()
  }
  const ask = async ({ codec, encoding }: UnitStamp): Promise<void> => {
    support.set(codec, 'asking')
    const reason = await whyNotDecoded(codec, encoding)
    support.set(codec, reason)
    without.browser = reason
    const waiting = undecided
    undecided = []
    if (reason === null) for (const each of waiting) add(each.stamp, each.data)
    say()
  }
  const unit = (stamp: UnitStamp, data: Uint8Array<ArrayBuffer>): void => {
    if (level() === 'nothing' || level() === 'stills') return
    const known = support.get(stamp.codec)
    if (known === null) add(stamp, data)
    else if (known === undefined || known === 'asking') {
      undecided.push({ stamp, data })
      if (known === undefined) void ask(stamp)
    } else {
      without.browser = known
      say()
    }
  }
  /** A camera that is connected anew may send another codec, which this browser decodes. */
  const noteStream = ({ stream: next }: LookedFrame): void => {
    if (stream !== null && stream !== next && without.browser !== null) {
      without.browser = null
      feed.restart()
      say()
    }
    stream = next
  }
  const setLevel = (next: VideoLevel): void => {
    const was = most
    most = next
    if (was === 'nothing' || was === 'stills' || next === 'nothing' || next === 'stills') {
      feed.restart()
      queue.clear()
    }
    say()
  }
  const resize = (width: number, height: number, pixels: number): void => {
    ratio = pixels
    // Setting a size, even the same, clears the canvas.
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    repaint()
  }

  return {
    receive: (message) => {
      switch (message.type) {
        case 'unit':
          return unit(message.stamp, message.data)
        case 'frame':
          noteStream(message.frame)
          playout.boxes(message.frame.ptsUs, nowMs())
          timeline.add(message.frame)
          return correct()
        case 'still':
          noteStream(message.frame)
          return void showStill(message.frame, message.jpeg)
        case 'looks':
          timeline.looks(message.looks)
          if (current !== null) {
            const looks = new Map(message.looks)
            current = {
              ...current,
              faces: current.faces.map((face) => ({ ...face, look: looks.get(face.track) ?? face.look })),
            }
          }
          return repaint()
        case 'size':
          return resize(message.width, message.height, message.ratio)
        case 'level':
          return setLevel(message.most)
        case 'noVideo':
          without.server = message.reason
          return say()
        case 'clock':
          clockOffsetMs = message.offsetMs
          return undefined
        default:
          return undefined
      }
    },
    tick: (now) => {
      load.tick(now)
      feed.feed(now, !hasPicture)
      const taken = queue.take(({ stamp }) => !hasPicture || playout.dueMs(stamp.ptsUs) <= now)
      if (taken === null) return say()
      figures.dropped(taken.skipped)
      isOdd = !isOdd
      if (load.level === 'fewer' && isOdd) taken.picture.image.close()
      else showPicture(taken.picture, now)
      return say()
    },
    figures: (now) => figures.take(now, playout.delayMs),
    close: () => {
      feed.close()
      queue.clear()
      current?.image.close()
      current = null
    },
  }
}
