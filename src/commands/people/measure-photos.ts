import { RollcallError } from '../../errors.ts'
import { decodePhoto } from '../../evaluate/decode-photo.ts'
import { findFaces } from '../../evaluate/find-face.ts'
import type { Models } from '../../vision/models.ts'
import type { MeasuredPhoto } from './review-photos.ts'

const measure = async (file: string, { detector, embedder }: Models, side: number): Promise<MeasuredPhoto> => {
  const frame = await decodePhoto(file, side)
  try {
    const { faces } = await findFaces(frame.picture, detector)
    return { file, faces: await embedder.embed(faces.map((face) => ({ full: frame, ...face }))) }
  } finally {
    frame.close()
  }
}

/**
 * Decodes each photo and embeds every face in it. `side` is the detector's square in pixels. Unreadable photos are
 * results, not errors.
 */
export const measurePhotos = async (
  files: readonly string[],
  models: Models,
  side: number,
): Promise<MeasuredPhoto[]> => {
  const photos: MeasuredPhoto[] = []
  for (const file of files)
    photos.push(
      await measure(file, models, side).catch((error: unknown) => {
        if (!(error instanceof RollcallError) || error.code !== 'USAGE') throw error
        return { file, unreadable: error.message.replace(`${file}: `, ''), faces: [] }
      }),
    )
  return photos
}
