import { RollcallError } from '../../errors.ts'
import { seededRandom } from '../../math/seeded-random.ts'
import { dot } from '../../math/vector.ts'
import { openPhotoDecoder } from '../../photos/decoder.ts'
import { findFaces } from '../../photos/find-faces.ts'
import { mainFace } from '../../photos/main-face.ts'
import type { Photo } from '../../photos/photo.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import type { Detection } from '../../types.ts'
import type { Models } from '../../vision/models.ts'
import type { LabelledPhoto } from '../labelled-photos.ts'
import { type WorseView, worseView, worseViews } from '../spoilt/worse-views.ts'

/** A face in one view of a photo: what is said of it, and what is true. */
export interface Look {
  readonly person: string
  readonly file: string
  /** `clear`: the photo as it is. */
  readonly kind: WorseView['kind'] | 'clear'
  /** `Quality.overall`. */
  readonly quality: number
  /** The cosine that the crop lets expect to the same face seen clearly. */
  readonly expected: number
  /** The cosine to the same face in the photo as it is. */
  readonly actual: number
  readonly embedding: Float32Array
}

/** Every look at the photos. */
export interface Looks {
  readonly looks: readonly Look[]
  /** Worse views in which the face is not found, by kind. */
  readonly lost: ReadonlyMap<Look['kind'], number>
  readonly withoutFace: readonly string[]
  readonly unreadable: readonly string[]
  readonly detector: string
  readonly embedder: string
}

/** The face that is where the clear one is; null when none is. */
const sameFace = (faces: readonly Detection[], { box }: Detection): Detection | null => {
  const away = (of: Detection): number =>
    Math.hypot(
      (of.box.x + of.box.width / 2 - box.x - box.width / 2) / box.width,
      (of.box.y + of.box.height / 2 - box.y - box.height / 2) / box.height,
    )
  const best = faces.reduce<Detection | null>((near, face) => (near && away(near) <= away(face) ? near : face), null)
  return best && away(best) < 0.5 ? best : null
}

/**
 * Looks at the face of each photo as it is, and in every worse view, where it is found anew. `side` is the longest side of
 * the detector's picture. The noise depends on the photo's place in the list.
 */
export const lookAtViews = async (
  list: readonly LabelledPhoto[],
  { detector, embedder }: Models,
  options: {
    readonly side: number
    /** All when left out. */
    readonly views?: readonly WorseView[]
    readonly onProgress?: (done: number) => void
  },
): Promise<Looks> => {
  const { views = worseViews } = options
  const looks: Look[] = []
  const lost = new Map<Look['kind'], number>()
  const [withoutFace, unreadable]: [string[], string[]] = [[], []]
  const decoder = openPhotoDecoder()
  const lookAt = async (of: LabelledPhoto, photo: Photo, face: Detection, kind: Look['kind'], clear?: Float32Array) => {
    const seen = { full: photo, ...face }
    const [embedded] = await embedder.embed([seen])
    const expected = embedder.expected(seen)
    if (!embedded || expected === null) return null
    const { embedding, quality } = embedded
    looks.push({
      ...of,
      kind,
      quality: quality.overall,
      expected,
      actual: clear ? dot(clear, embedding) : 1,
      embedding,
    })
    return embedding
  }
  const lookWorse = async (of: LabelledPhoto, photo: Photo, face: Detection, clear: Float32Array, seed: number) => {
    for (const [i, view] of views.entries()) {
      const random = seededRandom(seed * views.length + i)
      const facePx = Math.min(face.box.width * photo.width, face.box.height * photo.height)
      const worse = worseView(photo, view, facePx, random)
      if (!worse) continue
      const found = sameFace((await findFaces(worse.picture, detector)).faces, face)
      if (found) await lookAt(of, worse, found, view.kind, clear)
      else lost.set(view.kind, (lost.get(view.kind) ?? 0) + 1)
    }
  }
  try {
    for (const [i, of] of list.entries()) {
      const photo = await readPhoto(of.file)
        .then((bytes) => decoder.decode(bytes, options.side))
        .catch((error: unknown) => {
          if (error instanceof RollcallError && error.code === 'USAGE') return null
          throw error
        })
      const face = photo && mainFace((await findFaces(photo.picture, detector)).faces, photo.picture)
      const clear = photo && face && (await lookAt(of, photo, face, 'clear'))
      if (!photo) unreadable.push(of.file)
      else if (!face || !clear) withoutFace.push(of.file)
      else await lookWorse(of, photo, face, clear, i)
      options.onProgress?.(i + 1)
    }
  } finally {
    await decoder.close()
  }
  return { looks, lost, withoutFace, unreadable, detector: detector.name, embedder: embedder.name }
}
