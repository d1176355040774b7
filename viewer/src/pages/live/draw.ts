import type { FrameEvent, FrameFace } from '../../../../src/events/types.ts'
import type { PersonId } from '../../../../src/types.ts'
import { colourOf } from '../../ui/person-look.ts'

const tentativeColour = '#c3ccd4'

/** What the canvas shows: a frame's boxes, and its decoded picture. The tile closes the picture. */
export interface Shown {
  readonly frame: FrameEvent['data']
  readonly image: ImageBitmap
}

/** Who is shown, and how people are called. */
export interface DrawOptions {
  /** Everybody else is dimmed. */
  readonly chosen: PersonId | null
  readonly nameOf: (person: PersonId) => string
  /** The ID that stands for this one now. */
  readonly resolve: (person: PersonId) => PersonId
}

/** Paints the picture over the whole canvas and the boxes of its faces on it. */
export const draw = (canvas: HTMLCanvasElement, { frame, image }: Shown, options: DrawOptions): void => {
  const context = canvas.getContext('2d')
  if (context === null) return
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const unit = devicePixelRatio
  for (const face of frame.faces) {
    const person = face.person === null ? null : options.resolve(face.person)
    context.globalAlpha = options.chosen === null || person === options.chosen ? 1 : 0.35
    drawFace(context, { ...face, person }, options.nameOf, unit)
  }
  context.globalAlpha = 1
}

/** `unit` is canvas pixels per CSS pixel. */
const drawFace = (
  context: CanvasRenderingContext2D,
  { box, person }: FrameFace,
  nameOf: DrawOptions['nameOf'],
  unit: number,
): void => {
  const { width, height } = context.canvas
  const [x, y, w, h] = [box.x * width, box.y * height, box.width * width, box.height * height]
  const colour = person === null ? tentativeColour : colourOf(person)
  context.beginPath()
  context.roundRect(x, y, w, h, 4 * unit)
  context.setLineDash(person === null ? [5 * unit, 4 * unit] : [])
  context.lineWidth = 4 * unit
  context.strokeStyle = 'rgb(0 0 0 / 0.45)'
  context.stroke()
  context.lineWidth = 2 * unit
  context.strokeStyle = colour
  context.stroke()
  if (person !== null) drawLabel(context, nameOf(person), colour, [x, y, h], unit)
}

const drawLabel = (
  context: CanvasRenderingContext2D,
  text: string,
  colour: string,
  [x, y, boxHeight]: readonly [number, number, number],
  unit: number,
): void => {
  context.font = `600 ${12 * unit}px system-ui, sans-serif`
  const width = context.measureText(text).width + 10 * unit
  const height = 18 * unit
  // Above the box, or below it where the picture ends; never beyond the sides.
  const top = y - height - 3 * unit >= 0 ? y - height - 3 * unit : y + boxHeight + 3 * unit
  const left = Math.max(0, Math.min(x - unit, context.canvas.width - width))
  context.beginPath()
  context.roundRect(left, top, width, height, 4 * unit)
  context.fillStyle = colour
  context.fill()
  context.fillStyle = '#0b0f12'
  context.textBaseline = 'middle'
  context.fillText(text, left + 5 * unit, top + height / 2 + unit / 2)
}
