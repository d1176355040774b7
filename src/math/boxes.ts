import type { Box } from '../types.ts'

/** Intersection over union, 0–1. Scaling an axis does not change it, so fractions of an oblong picture can be used. */
export const iou = (a: Box, b: Box): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (!(width > 0 && height > 0)) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}

/** How many times larger one box is than the other, 1 or more: the geometric mean over both axes. */
export const sizeRatio = (a: Box, b: Box): number => {
  const ratio = Math.sqrt((a.width * a.height) / Math.max(b.width * b.height, 1e-12))
  return ratio >= 1 ? ratio : 1 / Math.max(ratio, 1e-6)
}

/** The distance of two boxes' centres, in sizes of `a`. */
export const boxesApart = (a: Box, b: Box): number =>
  Math.hypot(
    (b.x + b.width / 2 - a.x - a.width / 2) / Math.max(a.width, 1e-6),
    (b.y + b.height / 2 - a.y - a.height / 2) / Math.max(a.height, 1e-6),
  )
