import type { UnitStamp } from '../protocol.ts'
import type { DecodedPicture } from './decoder.ts'
import type { FigureCounter } from './figures.ts'
import type { Screen } from './screen.ts'
import type { Boxes, Timeline } from './timeline.ts'
import type { LookedFrame } from './types.ts'

/** Stills are not shown while video goes on: it has shown a picture within this time. */
const videoFreshMs = 800
/** The assumed time between pictures. */
const frameUs = 40_000

/** Puts pictures on the screen, each with its own boxes, and counts them. */
export interface Showing {
  picture(picture: DecodedPicture): void
  /** Shows a still, unless video goes on, or a newer one is on the screen. `isWanted` is asked when it is decoded. */
  still(frame: LookedFrame, jpeg: Uint8Array<ArrayBuffer>, isWanted: () => boolean): Promise<void>
  /** Boxes have come, perhaps those of the picture on the screen. */
  correct(): void
}

/** Where pictures are shown, and who is told. */
export interface ShowingDeps {
  readonly screen: Screen
  readonly timeline: Pick<Timeline, 'boxesAt'>
  readonly figures: FigureCounter
  /** The picture of this analysed frame has been painted, with its boxes. */
  readonly onShown: (stream: string, ptsUs: number) => void
  readonly nowMs: () => number
  /** The server's clock, Unix milliseconds. */
  readonly serverMs: () => number
}

/** Nothing is shown to begin with. */
export const createShowing = ({ screen, timeline, figures, onShown, nowMs, serverMs }: ShowingDeps): Showing => {
  let videoAtMs = Number.NEGATIVE_INFINITY
  /** Numbers of stills: the last that came, and the one that was shown last. */
  const stills = { arrived: 0, shown: 0 }
  const count = (
    { stream, ptsUs, capturedAtMs, clock }: Pick<UnitStamp, 'stream' | 'ptsUs' | 'capturedAtMs' | 'clock'>,
    { from, faces, errorFrames }: Omit<Boxes, 'frame' | 'blur'>,
  ): void => {
    const tracks = faces.map(({ track }) => track)
    const shown = { stream, ptsUs, capturedAtMs, clock, boxes: from, tracks, errorFrames }
    figures.shown(shown, serverMs() - capturedAtMs, nowMs())
  }
  return {
    picture: ({ image, stamp }) => {
      videoAtMs = nowMs()
      const boxes = timeline.boxesAt(stamp.stream, stamp.ptsUs, frameUs)
      const { from, faces, blur, frame } = boxes
      const own = from === 'exact' ? frame : null
      screen.show({ image, turn: stamp.turn, faces, blur, stamp, from }, frame ?? stamp)
      if (own !== null) onShown(own.stream, stamp.ptsUs)
      count({ ...stamp, capturedAtMs: own?.capturedAtMs ?? stamp.capturedAtMs }, boxes)
    },
    still: async (frame, jpeg, isWanted) => {
      const arrival = ++stills.arrived
      const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => null)
      if (image === null) return
      // Two may be decoded at the same time, and the older one may be ready later.
      if (nowMs() - videoAtMs < videoFreshMs || !isWanted() || arrival < stills.shown) {
        image.close()
        return
      }
      stills.shown = arrival
      const { faces, blur } = frame
      screen.show({ image, turn: 0, faces, blur, stamp: null, from: 'exact' }, frame)
      onShown(frame.stream, frame.ptsUs)
      count(frame, { from: 'exact', faces, errorFrames: 0 })
    },
    correct: () => {
      const { current } = screen
      if (current?.stamp == null || current.from === 'exact') return
      const { stream, ptsUs } = current.stamp
      const { from, faces, blur, frame } = timeline.boxesAt(stream, ptsUs, frameUs)
      screen.redraw({ from, faces, blur })
      if (from === 'exact' && frame !== null) onShown(frame.stream, ptsUs)
    },
  }
}
