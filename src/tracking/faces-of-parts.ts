import { iou } from '../math/boxes.ts'
import type { Box, Detection } from '../types.ts'

/** Boxes that overlap more (IoU) are of one face. */
export const sameFace = 0.4

/** Whether a face reaches an edge of the part that it was found in, but not the picture's. All in fractions of the picture. */
const isCutOff = (face: Box, part: Box): boolean =>
  (part.x > 0 && face.x <= part.x) ||
  (part.y > 0 && face.y <= part.y) ||
  (part.x + part.width < 1 && face.x + face.width >= part.x + part.width) ||
  (part.y + part.height < 1 && face.y + face.height >= part.y + part.height)

/**
 * The faces that parts of a picture show, each once, best first; null when one may be cut off by the edge of its part. `found[i]`: the
 * faces in part `i`. All in fractions of the picture.
 */
export const facesOfParts = <F extends Detection>(
  parts: readonly Box[],
  found: readonly (readonly F[])[],
): readonly F[] | null => {
  const all = parts.flatMap((part, i) => (found[i] ?? []).map((face) => ({ face, isCut: isCutOff(face.box, part) })))
  const kept: typeof all = []
  // Whole ones first: where parts overlap, one may show all of a face that another cuts off.
  for (const each of all.toSorted((a, b) => Number(a.isCut) - Number(b.isCut) || b.face.score - a.face.score))
    if (kept.every(({ face }) => iou(face.box, each.face.box) <= sameFace)) kept.push(each)
  if (kept.some(({ isCut }) => isCut)) return null
  return kept.map(({ face }) => face).toSorted((a, b) => b.score - a.score)
}
