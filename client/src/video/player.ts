import type { UnitStamp } from '../protocol.ts'
import { createCodecGate } from './codec-gate.ts'
import { createFigureCounter } from './figures.ts'
import { createKeyGap } from './key-gap.ts'
import type { Load } from './load.ts'
import type { ToVideoWorker } from './messages.ts'
import { createPictureQueue } from './picture-queue.ts'
import { createPlayout } from './playout.ts'
import { createScreen } from './screen.ts'
import { createShowing } from './showing.ts'
import { createTileState } from './tile-state.ts'
import { createTimeline } from './timeline.ts'
import type { LookedFrame, PictureSize, VideoFigures, VideoLevel, VideoState } from './types.ts'
import { createUnitFeed } from './unit-feed.ts'

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

const isVideo = (level: VideoLevel): boolean => level !== 'nothing' && level !== 'stills'

/** The parts of a player, and what goes from one to the next. */
const createParts = ({ canvas, load, onState, onResized, onShown, nowMs, ...deps }: PlayerDeps) => {
  const clock = { offsetMs: deps.clockOffsetMs }
  const [playout, timeline, figures] = [createPlayout(), createTimeline(), createFigureCounter(nowMs())]
  const screen = createScreen(canvas, onResized)
  const onDrop = (count: number): void => figures.dropped(count)
  const queue = createPictureQueue(onDrop)
  const withoutVideo = (reason: string | null): void => {
    state.without.browser = reason
    state.say()
  }
  const keys = createKeyGap()
  const feed = createUnitFeed({
    playout,
    load,
    isKeysOnly: () => state.level === 'keys',
    nowMs,
    onPicture: (picture) => queue.add(picture),
    onDrop,
    onGiveUp: withoutVideo,
  })
  const state = createTileState({
    load,
    waiting: () => feed.waiting,
    hasPicture: () => screen.hasPicture,
    keyGapMs: () => keys.gapMs,
    onState,
  })
  const add = (stamp: UnitStamp, data: Uint8Array<ArrayBuffer>): void => {
    const now = nowMs()
    timeline.unit(stamp)
    keys.unit(stamp)
    playout.arrived(stamp.ptsUs, now)
    feed.add(stamp, data, now)
    feed.feed(now, !screen.hasPicture)
    state.say()
  }
  const gate = createCodecGate({ onUnit: add, onAnswer: withoutVideo })
  const serverMs = (): number => nowMs() + clock.offsetMs
  const showing = createShowing({ screen, timeline, figures, onShown, nowMs, serverMs })
  return { clock, playout, timeline, figures, screen, queue, feed, keys, state, gate, showing, load, nowMs }
}

type Parts = ReturnType<typeof createParts>

/** What is done with each message of the page. */
const createReceiver = (parts: Parts) => {
  const { clock, playout, timeline, screen, queue, feed, keys, state, gate, showing, nowMs } = parts
  let stream: string | null = null
  /** A camera that is connected anew may send another codec, which this browser decodes. */
  const noteStream = ({ stream: next }: LookedFrame): void => {
    if (stream !== null && stream !== next) {
      keys.restart()
      if (state.without.browser !== null) {
        state.without.browser = null
        feed.restart()
      }
      state.say()
    }
    stream = next
  }
  const setLevel = (next: VideoLevel): void => {
    if (!isVideo(state.most) || !isVideo(next)) {
      feed.restart()
      queue.clear()
    }
    state.most = next
    state.say()
  }
  const receive = (message: ToVideoWorker): void | Promise<void> => {
    switch (message.type) {
      case 'unit':
        return state.isVideo ? gate.pass(message.stamp, message.data) : undefined
      case 'frame':
        noteStream(message.frame)
        playout.boxes(message.frame.ptsUs, nowMs())
        timeline.add(message.frame)
        return showing.correct()
      case 'still':
        noteStream(message.frame)
        return showing.still(message.frame, message.jpeg, () => state.most !== 'nothing').then(() => state.say())
      case 'looks':
        timeline.looks(message.looks)
        return screen.looks(message.looks)
      case 'size':
        return screen.resize(message.width, message.height, message.ratio)
      case 'level':
        return setLevel(message.most)
      case 'noVideo':
        state.without.server = message.reason
        return state.say()
      case 'clock':
        clock.offsetMs = message.offsetMs
        return undefined
      default:
        return undefined
    }
  }
  return (message: ToVideoWorker): void => void receive(message)
}

/** Plays the units and stills of one camera on a canvas, each picture with its own boxes. */
export const createPlayer = (deps: PlayerDeps): Player => {
  const parts = createParts(deps)
  const { playout, figures, screen, queue, feed, state, showing, load } = parts
  let isOdd = false
  return {
    receive: createReceiver(parts),
    tick: (now) => {
      load.tick(now)
      feed.feed(now, !screen.hasPicture)
      const taken = queue.take(({ stamp }) => !screen.hasPicture || playout.dueMs(stamp.ptsUs) <= now)
      if (taken !== null) {
        figures.dropped(taken.skipped)
        isOdd = !isOdd
        if (load.level === 'fewer' && isOdd) taken.picture.image.close()
        else showing.picture(taken.picture)
      }
      state.say()
    },
    figures: (now) => figures.take(now, playout.delayMs),
    close: () => {
      feed.close()
      queue.clear()
      screen.close()
    },
  }
}
