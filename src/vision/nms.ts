import type { Candidate } from './candidate.ts'

/** More candidates than this are noise. Only the best are kept, because suppression takes quadratic time. */
const most = 1000

/** A box and how sure it is. */
type Scored = Omit<Candidate, 'points'>

const areaOf = (of: Scored): number => (of.right - of.left) * (of.bottom - of.top)

/** Intersection over union of two boxes, 0–1. */
export const overlap = (a: Scored, b: Scored): number => {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (areaOf(a) + areaOf(b) - shared)
}

/**
 * Greedy non-maximum suppression: keeps the box with the best score, drops those that overlap it by more than `limit`
 * (IoU), and goes on with the rest. Best first; equal scores keep their order.
 */
export const suppress = <T extends Scored>(candidates: readonly T[], limit: number): T[] => {
  const kept: T[] = []
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score).slice(0, most))
    if (!kept.some((better) => overlap(better, candidate) > limit)) kept.push(candidate)
  return kept
}
