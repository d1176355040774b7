import { RollcallError } from '../errors.ts'
import { gaussianFrom, seededRandom } from '../math/seeded-random.ts'
import type { Landmarks } from '../types.ts'
import type { Embedder } from '../vision/embedder.ts'
import type { Models } from '../vision/models.ts'
import { decodePhoto } from './decode-photo.ts'
import { type Found, findFace } from './find-face.ts'
import type { LabelledPhoto } from './labelled-photos.ts'

export type EmbeddedView = Awaited<ReturnType<Embedder['embed']>>[number]

export interface EmbeddedPhoto extends LabelledPhoto {
  readonly how: Found
  /** The first is the photo as it is; the others have landmarks that jitter as a detector's do from frame to frame. */
  readonly views: readonly EmbeddedView[]
}

export interface PhotoSet {
  readonly photos: readonly EmbeddedPhoto[]
  readonly unreadable: readonly string[]
  /** Of the photos embedded. */
  readonly how: Readonly<Record<Found, number>>
  readonly detector: string
  readonly embedder: string
}

/**
 * Standard deviation of a landmark, in sizes of the face: what YuNet does between frames of a face that stands still.
 */
const jitter = 0.015

const moved = (landmarks: Landmarks, size: readonly [number, number], gaussian: () => number): Landmarks => {
  const [a, b, c, d, e] = landmarks.map(({ x, y }) => ({
    x: x + jitter * size[0] * gaussian(),
    y: y + jitter * size[1] * gaussian(),
  })) as unknown as Landmarks
  return [a, b, c, d, e]
}

/** Decodes, detects, aligns and embeds; `views` a photo. Photos that cannot be read are left out and named. */
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
