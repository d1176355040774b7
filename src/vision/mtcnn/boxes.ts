/** A box on its way through the cascade, in pixels of the picture, not rounded. */
export interface Proposal {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** 0–1, of the last stage. */
  readonly score: number
}

/** By how much each side is to be moved, as shares of the box's width and height. */
export type Offsets = readonly [left: number, top: number, right: number, bottom: number]

/** A rectangle of whole pixels, `right` and `bottom` not included. */
export interface Cut {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Moves a box by a stage's offsets. The published weights count width and height as right − left + `inclusive`: 0 after the first
 * stage, 1 after the others.
 */
export const regressed = <T extends Proposal>(box: T, [l, t, r, b]: Offsets, inclusive: 0 | 1): T => {
  const width = box.right - box.left + inclusive
  const height = box.bottom - box.top + inclusive
  return {
    ...box,
    left: box.left + l * width,
    top: box.top + t * height,
    right: box.right + r * width,
    bottom: box.bottom + b * height,
  }
}

/** The square around a box, as long as its longer side. */
export const squared = <T extends Proposal>(box: T): T => {
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  const side = Math.max(width, height)
  const [left, top] = [box.left + (width - side) / 2, box.top + (height - side) / 2]
  return { ...box, left, top, right: left + side, bottom: top + side }
}

/** The pixels of a box that are inside the picture; null when there are none. Coordinates of the weights count pixels from 1. */
export const cutOf = (box: Proposal, size: { readonly width: number; readonly height: number }): Cut | null => {
  const cut = {
    left: Math.max(1, Math.trunc(box.left)) - 1,
    top: Math.max(1, Math.trunc(box.top)) - 1,
    right: Math.min(size.width, Math.trunc(box.right)),
    bottom: Math.min(size.height, Math.trunc(box.bottom)),
  }
  return cut.right > cut.left && cut.bottom > cut.top ? cut : null
}

/** What two boxes share, as a part of the smaller one; both with their last row and column. */
const shareOfSmaller = (a: Proposal, b: Proposal): number => {
  const area = (box: Proposal): number => (box.right - box.left + 1) * (box.bottom - box.top + 1)
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left) + 1
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + 1
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(area(a), area(b))
}

/** Keeps the best of boxes of which one is inside another by more than `limit` of the smaller one. Best first. */
export const suppressInner = <T extends Proposal>(boxes: readonly T[], limit: number): T[] => {
  const kept: T[] = []
  for (const box of boxes.toSorted((a, b) => b.score - a.score))
    if (!kept.some((better) => shareOfSmaller(better, box) > limit)) kept.push(box)
  return kept
}
