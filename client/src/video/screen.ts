import type { Box } from '../events.ts'
import type { UnitStamp } from '../protocol.ts'
import { paint } from './paint.ts'
import type { Boxes } from './timeline.ts'
import type { Look, LookedFace, PictureSize } from './types.ts'

/** A picture with what is drawn on it. */
export interface Painted {
  readonly image: VideoFrame | ImageBitmap
  readonly turn: UnitStamp['turn']
  readonly faces: readonly LookedFace[]
  readonly blur: readonly Box[]
  /** Null for a still. */
  readonly stamp: UnitStamp | null
  /** Where the boxes come from. */
  readonly from: Boxes['from']
}

/** A canvas and the picture that is on it. */
export interface Screen {
  /** Null before the first picture. The screen closes it when another one is shown. */
  readonly current: Painted | null
  readonly hasPicture: boolean
  /** Shows a picture of this size, upright, with square pixels. */
  show(next: Painted, size: PictureSize): void
  /** Draws other boxes on the picture that is shown. */
  redraw(boxes: Pick<Painted, 'faces' | 'blur' | 'from'>): void
  /** How tracks are drawn from now on. */
  looks(looks: readonly (readonly [track: string, look: Look])[]): void
  /** The canvas' size in device pixels, and how many of those a CSS pixel has. */
  resize(width: number, height: number, ratio: number): void
  close(): void
}

/** Throws an Error when the canvas has another context. `onResized` is told when pictures have another size than before. */
export const createScreen = (canvas: OffscreenCanvas, onResized: (size: PictureSize) => void): Screen => {
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('a canvas without a context')
  let current: Painted | null = null
  let hasPicture = false
  let shape: PictureSize = { width: 0, height: 0 }
  let ratio = 1
  const repaint = (): void => {
    if (current !== null) paint(context, current, ratio)
  }
  return {
    get current() {
      return current
    },
    get hasPicture() {
      return hasPicture
    },
    show: (next, { width, height }) => {
      if (shape.width !== width || shape.height !== height) {
        shape = { width, height }
        onResized(shape)
      }
      if (current !== null && current.image !== next.image) current.image.close()
      current = next
      hasPicture = true
      repaint()
    },
    redraw: (boxes) => {
      if (current !== null) current = { ...current, ...boxes }
      repaint()
    },
    looks: (looks) => {
      const now = new Map(looks)
      const looked = (face: LookedFace): LookedFace => ({ ...face, look: now.get(face.track) ?? face.look })
      if (current !== null) current = { ...current, faces: current.faces.map(looked) }
      repaint()
    },
    resize: (width, height, pixels) => {
      ratio = pixels
      // Setting a size, even the same, clears the canvas.
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
      repaint()
    },
    close: () => {
      current?.image.close()
      current = null
    },
  }
}
