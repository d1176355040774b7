/** What a track has been looked at in the big stream. */
export interface Looked {
  /** Pictures that were decoded for it. */
  readonly tries: number
  /** Those in which its face was found. */
  readonly found: number
  /** The highest score of a face that was found. */
  readonly best: number
}

export const notLooked: Looked = { tries: 0, found: 0, best: 0 }

/** A face of the small stream at a moment of which the big one has a picture. */
export interface LookCandidate {
  /** How good it looks, in any unit that is the same within a track: the detector's score × size × how frontal it is. */
  readonly score: number
  /** The shorter side of its box, pixels of the small stream. */
  readonly sizePx: number
  /** The share of its box that is inside the picture, 0–1. */
  readonly inside: number
}

/** Six looks say who it is; more cost decoding and add little. */
export const MOST_LOOKS = 6
/** A look is worth its decoding when the face looks this many times better than the best one before. */
const BETTER_BY = 1.2
/** The second look costs as little as the first and guards against one bad picture. */
const SECOND_BETTER_BY = 0.9
/** A crop of 112 pixels shows a face of this size as well as any picture could. */
const LARGE_ENOUGH_PX = 90
/** Exemplars are not made from faces that the picture's edge cuts off. */
const LEAST_INSIDE = 0.95

/**
 * Whether a track's face is worth a look in the big stream: the first usable one, then clearly better ones, six at most. Looks
 * in which the face was not found count, because the next would probably not find it either.
 */
export const isWorthLook = ({ tries, found, best }: Looked, { score, sizePx, inside }: LookCandidate): boolean => {
  if (tries >= MOST_LOOKS || inside < LEAST_INSIDE || sizePx >= LARGE_ENOUGH_PX) return false
  if (found === 0) return true
  return score >= best * (found === 1 ? SECOND_BETTER_BY : BETTER_BY)
}

/** The track's looks after a picture was decoded for it; `score` is null when the face was not found in it. */
export const withLook = ({ tries, found, best }: Looked, score: number | null): Looked => ({
  tries: tries + 1,
  found: found + (score === null ? 0 : 1),
  best: Math.max(best, score ?? 0),
})
