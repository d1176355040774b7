import { boxesApart, sizeRatio } from '../math/boxes.ts'
import type { Box } from '../types.ts'

/** Where a face stays: all its boxes since `sinceMs` are near this one. */
export interface Spot {
  readonly box: Box
  readonly sinceMs: number
}

/** A face has left its spot when its middle is so many box sizes away, or its box so many times larger or smaller. */
const [leftAt, grownAt] = [0.3, 1.25]

/** The spot of a face whose box is `box` now: that of before, unless it has left that. */
export const spotOf = (box: Box, atMs: number, before: Spot | null): Spot => {
  if (before === null) return { box, sinceMs: atMs }
  const hasLeft = boxesApart(before.box, box) > leftAt || sizeRatio(before.box, box) > grownAt
  return hasLeft ? { box, sinceMs: atMs } : before
}
