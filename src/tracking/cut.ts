import type { Picture } from '../types.ts'

/** Finds the frames at which one shot ends and the next begins. One a camera, because it remembers the frame before. */
export interface CutDetector {
  /** True when `picture` begins a new shot. False for the first picture. */
  isCut(picture: Picture): boolean
}

const columns = 16
const rows = 12
/** Samples along each side of a cell: 1,728 pixels of a picture give good means and cost 10 µs. */
const samples = 3

/** The least mean change of the cells' luma (0–255) at a cut. Noise in the dark stays below it. */
const leastChange = 20
/**
 * The least novelty at a cut: 1 − correlation of the two grids. Brightness and contrast do not change it. Film cuts
 * have 0.9–1.1, whip-pans 0.4–1.1, a flash or a light switched on 0.25, calm footage 0.1 and less.
 */
const leastNovelty = 0.4
/**
 * The least novelty at a cut, in multiples of its running mean: a pan or a shaken camera gives one cut, not one a
 * frame.
 */
const timesLevel = 2
/** Weight of the newest frame in the running mean. */
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

/** A cell darker than this in both pictures is left out: black bars of a film, or the night around a lamp. */
const dark = 24

/**
 * Change is the mean absolute difference of luma, 0–255. Novelty is 1 − correlation of the cells that are not dark,
 * 0–2.
 */
const compare = (before: Float32Array, now: Float32Array): { change: number; novelty: number } => {
  const isLit = (cell: number): boolean => (before[cell] as number) >= dark || (now[cell] as number) >= dark
  let [lit, sumBefore, sumNow] = [0, 0, 0]
  for (let cell = 0; cell < now.length; cell++) {
    if (!isLit(cell)) continue
    lit++
    sumBefore += before[cell] as number
    sumNow += now[cell] as number
  }
  let [change, together, alone, other] = [0, 0, 0, 0]
  for (let cell = 0; cell < now.length; cell++) {
    if (!isLit(cell)) continue
    const a = (before[cell] as number) - sumBefore / lit
    const b = (now[cell] as number) - sumNow / lit
    change += Math.abs((before[cell] as number) - (now[cell] as number))
    together += a * b
    alone += a * a
    other += b * b
  }
  // One grey level of spread a cell keeps flat pictures from dividing by zero.
  // Change counts dark cells too: a few lit cells are a small change of the whole picture.
  return { change: change / now.length, novelty: 1 - together / (Math.sqrt(alone * other) + now.length) }
}

/**
 * Compares the coarse layout of luma, 16 × 12 cells, of one frame and the next. Times play no part, so a recording
 * gives the same cuts each time.
 */
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
