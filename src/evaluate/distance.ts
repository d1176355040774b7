import { dot } from '../math/vector.ts'

/** Squared L2 distance of two unit vectors, 0–4: 2 − 2·cosine. */
export const squaredDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.max(0, 2 - 2 * dot(a, b))

/** The cosine of two unit vectors that are so far apart (squared L2). */
export const cosineAt = (distance: number): number => 1 - distance / 2
