import type { Landmarks, Point } from '../types.ts'

/** Rotation, uniform scale and translation: x' = a·x − b·y + tx, y' = b·x + a·y + ty. */
export interface SimilarityTransform {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

/** Where the five landmarks are in the aligned crop, pixels, in the order of `Landmarks`. */
export type AlignmentTemplate = readonly (readonly [number, number])[]

/** The point (x, y), transformed. */
export const apply = (to: SimilarityTransform, x: number, y: number): Point => ({
  x: to.a * x - to.b * y + to.tx,
  y: to.b * x + to.a * y + to.ty,
})

/** The inverse transform. The scale of the given one has to be above 0. */
export const invert = ({ a, b, tx, ty }: SimilarityTransform): SimilarityTransform => {
  const scale = a * a + b * b
  return { a: a / scale, b: -b / scale, tx: (-a * tx - b * ty) / scale, ty: (b * tx - a * ty) / scale }
}

const centreOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
})

/**
 * The similarity transform from `from` to `to` with the least squared error (Umeyama 1991; in the plane and without
 * mirroring its SVD reduces to one complex division). Null when all of `from` is one point, or a number is not finite.
 */
export const fitSimilarity = (from: readonly Point[], to: readonly Point[]): SimilarityTransform | null => {
  const source = centreOf(from)
  const target = centreOf(to)
  let along = 0
  let across = 0
  let spread = 0
  for (const [i, { x, y }] of from.entries()) {
    const dx = x - source.x
    const dy = y - source.y
    const ex = (to[i]?.x ?? 0) - target.x
    const ey = (to[i]?.y ?? 0) - target.y
    along += dx * ex + dy * ey
    across += dx * ey - dy * ex
    spread += dx * dx + dy * dy
  }
  const a = along / spread
  const b = across / spread
  if (!(a * a + b * b > 0) || !Number.isFinite(a + b)) return null
  return { a, b, tx: target.x - a * source.x + b * source.y, ty: target.y - b * source.x - a * source.y }
}

/**
 * The transform from pixels of the aligned crop to pixels of the picture (centres at whole numbers). Landmarks are
 * fractions of the picture. Null for landmarks that cannot be a face.
 */
export const cropToPicture = (
  landmarks: Landmarks,
  template: AlignmentTemplate,
  picture: { readonly width: number; readonly height: number },
): SimilarityTransform | null => {
  const from = landmarks.map(({ x, y }) => ({ x: x * picture.width, y: y * picture.height }))
  const fitted = fitSimilarity(
    from,
    template.map(([x, y]) => ({ x, y })),
  )
  return fitted && invert(fitted)
}

/** `visibleShare` looks at this many points along each side of a crop. */
const probes = 8

/** The share of a crop of `side`² pixels that lies inside the picture, 0–1. `map` goes from crop to picture pixels. */
export const visibleShare = (
  map: SimilarityTransform,
  side: number,
  picture: { readonly width: number; readonly height: number },
): number => {
  let inside = 0
  for (let i = 0; i < probes * probes; i++) {
    const { x, y } = apply(
      map,
      ((i % probes) + 0.5) * (side / probes),
      (Math.floor(i / probes) + 0.5) * (side / probes),
    )
    if (x >= 0 && y >= 0 && x < picture.width && y < picture.height) inside++
  }
  return inside / (probes * probes)
}
