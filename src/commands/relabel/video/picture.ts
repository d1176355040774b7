import type { Yuv } from '../../../types.ts'
import { componentsOf } from '../../../vision/yuv.ts'

/** A picture to draw on, I420: Y, then U, then V, chroma halved both ways and rounded up, rows without padding. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Y, U and V of a colour. */
export type YuvColour = readonly [y: number, u: number, v: number]

/** A rectangle in whole pixels. */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How much of each pixel is covered, 0–255, row by row. */
export interface Mask {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Copies a decoded picture, I420 or NV12, whose memory is the decoder's. */
export const canvasOf = (full: Yuv): Canvas => {
  const { width, height } = full
  const half = ((width + 1) >> 1) * ((height + 1) >> 1)
  const data = new Uint8Array(width * height + 2 * half)
  let at = 0
  for (const { data: from, stride, step, offset, width: columns, height: rows } of componentsOf(full))
    for (let y = 0; y < rows; y++, at += columns) {
      const row = y * stride + offset
      if (step === 1) data.set(from.subarray(row, row + columns), at)
      else for (let x = 0; x < columns; x++) data[at + x] = from[row + x * step] as number
    }
  return { width, height, data }
}

/** Where the planes lie, and by how much each is smaller. */
const planesOf = ({ width, height }: Canvas) => {
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1]
  const luma = width * height
  return [
    { offset: 0, columns: width, rows: height, shift: 0 },
    { offset: luma, columns: halfWidth, rows: halfHeight, shift: 1 },
    { offset: luma + halfWidth * halfHeight, columns: halfWidth, rows: halfHeight, shift: 1 },
  ] as const
}

const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most)

/** Fills a rectangle, as far as it is inside the picture. Chroma samples that it touches get its colour. */
export const fill = (canvas: Canvas, { left, top, width, height }: Rectangle, colour: YuvColour): void => {
  if (width <= 0 || height <= 0) return
  for (const [i, { offset, columns, rows, shift }] of planesOf(canvas).entries()) {
    const from = within(left >> shift, columns)
    const until = within(((left + width - 1) >> shift) + 1, columns)
    const last = within(((top + height - 1) >> shift) + 1, rows)
    for (let y = within(top >> shift, rows); y < last; y++)
      canvas.data.fill(colour[i] as number, offset + y * columns + from, offset + y * columns + until)
  }
}

/** Draws the outline of a rectangle, `thickness` pixels inwards. */
export const outline = (canvas: Canvas, box: Rectangle, thickness: number, colour: YuvColour): void => {
  const { left, top, width, height } = box
  const across = Math.min(thickness, height)
  const down = Math.min(thickness, width)
  fill(canvas, { left, top, width, height: across }, colour)
  fill(canvas, { left, top: top + height - across, width, height: across }, colour)
  fill(canvas, { left, top, width: down, height }, colour)
  fill(canvas, { left: left + width - down, top, width: down, height }, colour)
}

/** Darkens or lightens luma towards `luma` where the mask covers it. */
export const stamp = (canvas: Canvas, left: number, top: number, mask: Mask, luma: number): void => {
  for (let y = Math.max(0, -top); y < mask.height && top + y < canvas.height; y++)
    for (let x = Math.max(0, -left); x < mask.width && left + x < canvas.width; x++) {
      const at = (top + y) * canvas.width + left + x
      const cover = (mask.data[y * mask.width + x] as number) / 255
      canvas.data[at] = Math.round((canvas.data[at] as number) * (1 - cover) + luma * cover)
    }
}
