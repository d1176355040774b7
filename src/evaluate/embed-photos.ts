import { RollcallError } from '../errors.ts'
import { gaussianFrom, seededRandom } from '../math/seeded-random.ts'
import type { Landmarks } from '../types.ts'
import type { Embedder } from '../vision/embedder.ts'
import type { Models } from '../vision/models.ts'
import { decodePhoto } from './decode-photo.ts'
import { type Found, findFace } from './find-face.ts'
import type { LabelledPhoto } from './labelled-photos.ts'

/** The embedding of a photo's face, and its quality. */
export type EmbeddedView = Awaited<ReturnType<Embedder['embed']>>[number]

/** A labelled photo with its embeddings. */
export interface EmbeddedPhoto extends LabelledPhoto {
  readonly how: Found
  /**
   * The first is of the landmarks found. The others are of landmarks moved a little, as a detector's are from frame to
   * frame.
   */
  readonly views: readonly EmbeddedView[]
}

/** The photos of a folder, embedded. */
export interface PhotoSet {
  readonly photos: readonly EmbeddedPhoto[]
  readonly unreadable: readonly string[]
  /** How many of the embedded photos were found in each way. */
  readonly how: Readonly<Record<Found, number>>
  readonly detector: string
  readonly embedder: string
}

/** Standard deviation of a landmark, in sizes of the face, measured on YuNet's frames of a face that does not move. */
const jitter = 0.015

const moved = (landmarks: Landmarks, size: readonly [number, number], gaussian: () => number): Landmarks => {
  const [a, b, c, d, e] = landmarks.map(({ x, y }) => ({
    x: x + jitter * size[0] * gaussian(),
    y: y + jitter * size[1] * gaussian(),
  })) as unknown as Landmarks
  return [a, b, c, d, e]
}

/**
 * Decodes, detects, aligns and embeds each photo, `views` times. Photos that cannot be read are left out and listed in
 * `unreadable`. `side` is the longest side of the detector's picture.
 */
export const embedPhotos = async (
  list: readonly LabelledPhoto[],
  { detector, embedder }: Models,
  options: { readonly side: number; readonly views?: number; readonly onProgress?: (done: number) => void },
): Promise<PhotoSet> => {
  const photos: EmbeddedPhoto[] = []
  const unreadable: string[] = []
  const how = { found: 0, padded: 0, centred: 0 }
  for (const [i, photo] of list.entries()) {
    try {
      const frame = await decodePhoto(photo.file, options.side)
      try {
        const { face, how: found } = await findFace(frame.picture, detector)
        const gaussian = gaussianFrom(seededRandom(i))
        const wanted = Array.from({ length: options.views ?? 1 }, (_, view) => ({
          full: frame,
          ...face,
          landmarks: view === 0 ? face.landmarks : moved(face.landmarks, [face.box.width, face.box.height], gaussian),
        }))
        const views = await embedder.embed(wanted)
        photos.push({ ...photo, how: found, views })
        how[found]++
      } finally {
        frame.close()
      }
    } catch (error) {
      if (!(error instanceof RollcallError) || error.code !== 'USAGE') throw error
      unreadable.push(photo.file)
    }
    options.onProgress?.(i + 1)
  }
  return { photos, unreadable, how, detector: detector.name, embedder: embedder.name }
}
