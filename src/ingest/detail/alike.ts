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

/** Two encoders make different pictures of the same scene: by so much, and by this share of what they differ at best. */
const NOISE = 0.0008
const SHARE = 0.15

/**
 * Pictures further apart show another view: 0.08 is measured between a small and a big stream of one scene, 0.7 when one of
 * them is cropped to 4:3, 1.9 between two scenes.
 */
const MOST_APART = 0.3

/**
 * The moments that look most like a picture of another stream, those too that do so within the noise of two encoders, in
 * their order. Many of them mean that nothing moved, or that the scene repeats itself: then the picture does not tell. None
 * when the streams show different views.
 */
export const alikeMoments = (picture: Thumbnail, shown: readonly Shown[]): readonly number[] => {
  const apart = shown.map(({ thumbnail }) => difference(picture, thumbnail))
  const least = Math.min(...apart)
  if (least > MOST_APART) return []
  const most = least * (1 + SHARE) + NOISE
  return shown.flatMap(({ atMs }, i) => ((apart[i] as number) <= most ? [atMs] : []))
}
