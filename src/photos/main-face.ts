import type { Box, Picture } from '../types.ts'

/**
 * Of several faces the one that the photo is about: by area minus twice the squared distance from the middle, as in
 * FaceNet's alignment. Boxes are in fractions of the photo, whose size is in pixels. Null when there is no face.
 */
export const mainFace = <F extends { readonly box: Box }>(
  faces: readonly F[],
  { width, height }: Pick<Picture, 'width' | 'height'>,
): F | null => {
  const worth = ({ box }: F): number => {
    const dx = (box.x + box.width / 2 - 0.5) * width
    const dy = (box.y + box.height / 2 - 0.5) * height
    return box.width * width * box.height * height - 2 * (dx * dx + dy * dy)
  }
  return faces.reduce<F | null>((best, face) => (best && worth(best) >= worth(face) ? best : face), null)
}
