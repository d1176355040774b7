import { RollcallError } from '../errors.ts'
import { gaussianFrom, seededRandom } from '../math/seeded-random.ts'
import { openPhotoDecoder } from '../photos/decoder.ts'
import type { Photo } from '../photos/photo.ts'
import { readPhoto } from '../photos/read-photo.ts'
import type { Landmarks } from '../types.ts'
import type { EmbeddedFace } from '../vision/embedder.ts'
import type { Models } from '../vision/models.ts'
import { type Found, findFace } from './find-face.ts'
import type { LabelledPhoto } from './labelled-photos.ts'

/** A labelled photo with its embeddings. */
export interface EmbeddedPhoto extends LabelledPhoto {
  readonly how: Found
  /**
   * The first is of the landmarks found. The others are of landmarks moved a little, as a detector's are from frame to
   * frame.
   */
  readonly views: readonly EmbeddedFace[]
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

/** How the photos of a list are embedded. */
export interface EmbedOptions {
  readonly side: number
  readonly views?: number
  /** Which are; all when left out. What is made of a photo does not depend on the others. */
  readonly where?: (photo: LabelledPhoto) => boolean
  /** What is looked at instead of a photo. */
  readonly change?: (photo: Photo, of: LabelledPhoto) => Photo
  readonly onProgress?: (done: number) => void
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
 * `unreadable`, those that `where` refuses without a word. `side` is the longest side of the detector's picture.
 */
export const embedPhotos = async (
  list: readonly LabelledPhoto[],
  { detector, embedder }: Models,
  options: EmbedOptions,
): Promise<PhotoSet> => {
  const photos: EmbeddedPhoto[] = []
  const unreadable: string[] = []
  const how = { found: 0, padded: 0, centred: 0 }
  const decoder = openPhotoDecoder()
  const embed = async (photo: Photo, i: number) => {
    const { face, how: found } = await findFace(photo.picture, detector)
    const gaussian = gaussianFrom(seededRandom(i))
    const wanted = Array.from({ length: options.views ?? 1 }, (_, view) => ({
      full: photo,
      ...face,
      landmarks: view === 0 ? face.landmarks : moved(face.landmarks, [face.box.width, face.box.height], gaussian),
    }))
    return { how: found, views: await embedder.embed(wanted) }
  }
  try {
    for (const [i, photo] of list.entries()) {
      if (options.where?.(photo) === false) continue
      const decoded = await readPhoto(photo.file)
        .then((bytes) => decoder.decode(bytes, options.side))
        .catch((error: unknown) => {
          if (error instanceof RollcallError && error.code === 'USAGE') return null
          throw error
        })
      if (decoded) {
        const embedded = await embed(options.change?.(decoded, photo) ?? decoded, i)
        photos.push({ ...photo, ...embedded })
        how[embedded.how]++
      } else unreadable.push(photo.file)
      options.onProgress?.(i + 1)
    }
  } finally {
    await decoder.close()
  }
  return { photos, unreadable, how, detector: detector.name, embedder: embedder.name }
}
