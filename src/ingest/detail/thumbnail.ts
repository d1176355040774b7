import type { Picture, Yuv } from '../../types.ts'

/** A coarse grey picture, 64 × 36 cells whatever the picture's shape: luma without the picture's mean and spread. */
export type Thumbnail = Float32Array

const columns = 64
const rows = 36
/** Samples along each side of a cell. */
const samples = 3

/** Samples a grid of luma and brings it to mean 0 and spread 1, so that two encoders' brightness and range do not matter. */
const thumbnailOf = (luma: (x: number, y: number) => number, width: number, height: number): Thumbnail => {
  const cells = new Float32Array(columns * rows)
  for (let j = 0; j < rows * samples; j++) {
    const y = Math.floor(((j + 0.5) * height) / (rows * samples))
    const first = Math.floor(j / samples) * columns
    for (let i = 0; i < columns * samples; i++) {
      const cell = first + Math.floor(i / samples)
      cells[cell] = (cells[cell] as number) + luma(Math.floor(((i + 0.5) * width) / (columns * samples)), y)
    }
  }
  let sum = 0
  let squares = 0
  for (const value of cells) {
    sum += value
    squares += value * value
  }
  const mean = sum / cells.length
  // One grey level of spread keeps flat pictures from dividing by zero.
  const spread = Math.sqrt(Math.max(0, squares / cells.length - mean * mean)) + samples * samples
  return cells.map((value) => (value - mean) / spread)
}

/** Of a detector's picture. */
export const ofPicture = ({ width, height, data }: Picture): Thumbnail => {
  const area = width * height
  return thumbnailOf(
    (x, y) => {
      const at = y * width + x
      return (
        0.299 * (data[at] as number) + 0.587 * (data[area + at] as number) + 0.114 * (data[2 * area + at] as number)
      )
    },
    width,
    height,
  )
}

/** Of a decoded picture of full size. */
export const ofYuv = ({ width, height, planes }: Pick<Yuv, 'width' | 'height' | 'planes'>): Thumbnail => {
  const { data, stride } = planes[0] as Yuv['planes'][number]
  return thumbnailOf((x, y) => data[y * stride + x] as number, width, height)
}

/** The mean squared difference of two thumbnails: 0 for the same picture, 2 for two that have nothing in common. */
export const difference = (a: Thumbnail, b: Thumbnail): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2
  return sum / a.length
}
