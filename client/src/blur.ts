import type { Box } from './events.ts'

/** Where a picture lies in its canvas, in pixels of the canvas. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** A face is left in so many points each way: nobody is recognised by that. */
const points = 5
/** The box of a detector ends at the chin and the brows: so much more, of its size, is blurred on each side. */
const margin = 0.25

/** The part of the canvas, whole pixels, that hides what is in the box; null when that lies outside of the picture. */
export const coverOf = (box: Box, place: Place): Place | null => {
  const [dx, dy] = [margin * box.width, margin * box.height]
  const [left, top] = [Math.max(0, box.x - dx), Math.max(0, box.y - dy)]
  const [right, bottom] = [Math.min(1, box.x + box.width + dx), Math.min(1, box.y + box.height + dy)]
  const [x, y] = [Math.floor(place.x + left * place.width), Math.floor(place.y + top * place.height)]
  const [width, height] = [Math.ceil(place.x + right * place.width) - x, Math.ceil(place.y + bottom * place.height) - y]
  return right > left && bottom > top ? { x, y, width, height } : null
}

/** Blurs boxes of the picture on a canvas: those of frame events' `blur`. What was there cannot be read from the canvas any more. */
export const blurBoxes = (context: Context, boxes: readonly Box[], place: Place): void => {
  if (boxes.length === 0) return
  const few = new OffscreenCanvas(points, points)
  const pen = few.getContext('2d')
  for (const box of boxes) {
    const cover = coverOf(box, place)
    if (cover === null || pen === null) continue
    const { x, y, width, height } = cover
    pen.drawImage(context.canvas, x, y, width, height, 0, 0, points, points)
    context.imageSmoothingEnabled = true
    context.drawImage(few, 0, 0, points, points, x, y, width, height)
  }
}
