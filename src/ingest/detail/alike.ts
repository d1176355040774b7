import { difference, type Thumbnail } from './thumbnail.ts'

/** A moment of a stream and what it looked like. */
export interface Shown {
  readonly atMs: number
  readonly thumbnail: Thumbnail
}

/** A span of time, inclusive. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** What two encoders make of the same picture differs by more than nothing. */
const NOISE = 0.0008
const SHARE = 0.15

/**
 * When a picture of one stream was shown by the other: the moments around the most alike one that look as alike, within the
 * noise of two encoders. A long span means that nothing moved, so that the pictures do not tell. Null without moments.
 */
export const alikeSpan = (picture: Thumbnail, shown: readonly Shown[]): Span | null => {
  const apart = shown.map(({ thumbnail }) => difference(picture, thumbnail))
  const least = Math.min(...apart)
  const best = apart.indexOf(least)
  if (best < 0) return null
  const fits = (i: number): boolean => (apart[i] ?? Infinity) <= least * (1 + SHARE) + NOISE
  let from = best
  let until = best
  while (fits(from - 1)) from--
  while (fits(until + 1)) until++
  return { fromMs: (shown[from] as Shown).atMs, untilMs: (shown[until] as Shown).atMs }
}
