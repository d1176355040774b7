import type { Picture } from '../types.ts'

/** Tells where one shot ends and the next begins; one for each camera, because it remembers the frame before. */
export interface CutDetector {
  /** True when `picture` does not continue the one given before. False for the first. */
  isCut(picture: Picture): boolean
}

const columns = 16
const rows = 12
/** Samples a side of a cell: 1,728 pixels in all are enough for its mean and cost 10 µs. */
const samples = 3

/** A cut changes the cells' luma by at least this much of 255 on average; noise in the dark does not. */
const leastChange = 20
/**
 * A cut changes what is where: 1 − correlation of the two grids. Film cuts are at 0.9–1.1, whip-pans at 0.4–1.1, a
 * flash or a light switched on at 0.25, because brightness and contrast do not count; calm footage at 0.1 and less.
 */
const leastNovelty = 0.4
/** … and at least so many times the running level, so that a pan or a shaken camera counts once and not every frame. */
const timesLevel = 2
/** Weight of the newest frame in the running level. */
const weight = 0.2

/** Mean luma (BT.601) of each cell. */
const gridOf = ({ width, height, data }: Picture): Float32Array => {
  const grid = new Float32Array(columns * rows)
  const countX = columns * samples
  const countY = rows * samples
  const area = width * height
  for (let j = 0; j < countY; j++) {
    const line = Math.floor(((j + 0.5) * height) / countY) * width
    const firstCell = Math.floor(j / samples) * columns
    for (let i = 0; i < countX; i++) {
      const at = line + Math.floor(((i + 0.5) * width) / countX)
      const [r, g, b] = [data[at] as number, data[area + at] as number, data[2 * area + at] as number]
      const luma = 0.299 * r + 0.587 * g + 0.114 * b
      const cell = firstCell + Math.floor(i / samples)
      grid[cell] = (grid[cell] as number) + luma / (samples * samples)
    }
  }
  return grid
}

/** A cell as dark as this in both pictures tells nothing: the bars around a film, or the night around a lamp. */
const dark = 24

/** Mean absolute difference, 0–255, and 1 − correlation of the cells that are not dark, 0–2. */
const compare = (before: Float32Array, now: Float32Array): { change: number; novelty: number } => {
  const lit = [...now.keys()].filter((cell) => Math.max(before[cell] as number, now[cell] as number) >= dark)
  const meanOf = (grid: Float32Array): number => lit.reduce((sum, cell) => sum + (grid[cell] as number), 0) / lit.length
  const meanBefore = meanOf(before)
  const meanNow = meanOf(now)
  let change = 0
  let together = 0
  let alone = 0
  let other = 0
  for (const cell of lit) {
    const a = (before[cell] as number) - meanBefore
    const b = (now[cell] as number) - meanNow
    change += Math.abs((before[cell] as number) - (now[cell] as number))
    together += a * b
    alone += a * a
    other += b * b
  }
  // One grey level of spread keeps flat pictures from dividing by nothing. Few lit cells change little on the whole.
  return { change: change / now.length, novelty: 1 - together / (Math.sqrt(alone * other) + now.length) }
}

/** Watches the coarse layout of the luma; nothing but the pictures decides, so that a repeat gives the same cuts. */
export const createCutDetector = (): CutDetector => {
  let before: Float32Array | null = null
  let level = 0
  return {
    isCut(picture) {
      const now = gridOf(picture)
      const { change, novelty } = before ? compare(before, now) : { change: 0, novelty: 0 }
      const cut = change > leastChange && novelty > leastNovelty && novelty > timesLevel * level
      level += weight * (novelty - level)
      before = now
      return cut
    },
  }
}
