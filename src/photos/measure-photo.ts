import { RollcallError } from '../errors.ts'
import type { Detection, Yuv } from '../types.ts'
import type { Models } from '../vision/models.ts'
import type { PhotoDecoder } from './decoder.ts'
import type { FacePicture, FoundFace, MeasuredPhoto } from './review-photos.ts'
import { turnPhoto } from './turn.ts'
import { findUprightFaces } from './upright-faces.ts'

/** What measuring needs. */
export interface MeasureParts {
  readonly decoder: PhotoDecoder
  readonly models: Pick<Models, 'detector' | 'embedder'>
  /** The detector's square in pixels. */
  readonly side: number
  /** Whether each face comes with its crop. */
  readonly crops?: boolean
  /** Makes a picture of a face in the turned photo; without it none is made. */
  readonly cut?: (full: Yuv, face: Detection) => Promise<FacePicture | null>
}

/**
 * Decodes a photo, turns it so that its face stands upright, and embeds every face in it. A photo that cannot be read
 * is a result, not an error; `read` rejects with USAGE then. `file` only names it.
 */
export const measurePhoto = async (
  file: string,
  read: () => Promise<Uint8Array>,
  { decoder, models, side, crops = false, cut }: MeasureParts,
): Promise<MeasuredPhoto> => {
  try {
    const photo = await decoder.decode(await read(), side)
    const { turn, faces } = await findUprightFaces(photo.picture, models.detector)
    const full = turnPhoto(photo, turn)
    const looks = await models.embedder.embed(faces.map((face) => ({ full, ...face })))
    const found: FoundFace[] = []
    for (const [i, { embedding, quality }] of looks.entries()) {
      const face = faces[i]
      if (!face) continue
      const crop = crops ? models.embedder.aligned({ full, ...face }) : null
      const picture = await cut?.(full, face)
      found.push({ embedding, quality, box: face.box, ...(crop && { crop }), ...(picture && { picture }) })
    }
    return { file, turn, size: { width: full.width, height: full.height }, faces: found }
  } catch (error) {
    if (!(error instanceof RollcallError) || error.code !== 'USAGE') throw error
    return { file, unreadable: error.remedy ? `${error.message}; ${error.remedy}` : error.message, faces: [] }
  }
}
