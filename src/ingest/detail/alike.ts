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
 * The moments that look most like a picture of another stream, those too that do so within the noise of two encoders, in
 * their order. Many of them mean that nothing moved, or that the scene repeats itself: then the picture does not tell.
 */
export const alikeMoments = (picture: Thumbnail, shown: readonly Shown[]): readonly number[] => {
  const apart = shown.map(({ thumbnail }) => difference(picture, thumbnail))
  const most = Math.min(...apart) * (1 + SHARE) + NOISE
  return shown.flatMap(({ atMs }, i) => ((apart[i] as number) <= most ? [atMs] : []))
}
