import { blurBoxes } from '../blur.ts'
import type { Box } from '../events.ts'
import type { LookedFace } from './types.ts'

/** What is painted. */
export interface Painting {
  readonly image: VideoFrame | ImageBitmap
  /** Degrees clockwise to turn the image. */
  readonly turn: 0 | 90 | 180 | 270
  readonly faces: readonly LookedFace[]
  /** Parts of the picture that nobody may see. */
  readonly blur: readonly Box[]
}

type Context = OffscreenCanvasRenderingContext2D

/** Paints the picture over the whole canvas, blurs what nobody may see, and draws the boxes of its faces on it. `ratio` is canvas pixels a CSS pixel. */
export const paint = (context: Context, { image, turn, faces, blur }: Painting, ratio: number): void => {
  const { width, height } = context.canvas
  if (turn === 0) context.drawImage(image, 0, 0, width, height)
  else {
    const [w, h] = turn === 180 ? [width, height] : [height, width]
    context.save()
    context.translate(width / 2, height / 2)
    context.rotate((turn * Math.PI) / 180)
    context.drawImage(image, -w / 2, -h / 2, w, h)
    context.restore()
  }
  blurBoxes(context, blur, { x: 0, y: 0, width, height })
  for (const face of faces) {
    context.globalAlpha = face.look.isDim ? 0.35 : 1
    paintFace(context, face, ratio)
  }
  context.globalAlpha = 1
}

const paintFace = (context: Context, { box, look }: LookedFace, ratio: number): void => {
  const { width, height } = context.canvas
  const [x, y, w, h] = [box.x * width, box.y * height, box.width * width, box.height * height]
  context.beginPath()
  context.roundRect(x, y, w, h, 4 * ratio)
  context.setLineDash(look.text === null ? [5 * ratio, 4 * ratio] : [])
  context.lineWidth = 4 * ratio
  context.strokeStyle = 'rgb(0 0 0 / 0.45)'
  context.stroke()
  context.lineWidth = 2 * ratio
  context.strokeStyle = look.colour
  context.stroke()
  if (look.text) paintLabel(context, look.text, look.colour, [x, y, h], ratio)
}

const paintLabel = (
  context: Context,
  text: string,
  colour: string,
  [x, y, boxHeight]: readonly [number, number, number],
  ratio: number,
): void => {
  context.font = `600 ${12 * ratio}px system-ui, sans-serif`
  const width = context.measureText(text).width + 10 * ratio
  const height = 18 * ratio
  // Above the box, or below it where the picture ends; never beyond the sides.
  const top = y - height - 3 * ratio >= 0 ? y - height - 3 * ratio : y + boxHeight + 3 * ratio
  const left = Math.max(0, Math.min(x - ratio, context.canvas.width - width))
  context.beginPath()
  context.setLineDash([])
  context.roundRect(left, top, width, height, 4 * ratio)
  context.fillStyle = colour
  context.fill()
  context.fillStyle = '#0b0f12'
  context.textBaseline = 'middle'
  context.fillText(text, left + 5 * ratio, top + height / 2 + ratio / 2)
}
