import type { Box, Picture, Quality } from '../types.ts'

/** A small picture of a face for people to look at, upright, as JPEG: see `createFaceCropper`. */
export interface FacePicture {
  readonly width: number
  readonly height: number
  readonly jpeg: Uint8Array
}

/** One face in a photo. */
export interface FoundFace {
  readonly quality: Quality
  /** Unit length. */
  readonly embedding: Float32Array
  /** In fractions of the turned photo. */
  readonly box: Box
  /** The crop that the network saw, planar RGB; where it was asked for and the landmarks can be a face. */
  readonly crop?: Picture
  /** Where it was asked for and can be cut out. */
  readonly picture?: FacePicture
}

/** What faces come with when it is asked for: `FoundFace.crop` and `FoundFace.picture`. */
export interface FaceExtras {
  readonly crops?: boolean
  readonly pictures?: boolean
}

/** What was found in one photo. `unreadable` says why the photo could not be decoded. */
export interface MeasuredPhoto {
  readonly file: string
  readonly unreadable?: string
  /** How the photo was turned, degrees clockwise, so that its face stands upright. */
  readonly turn?: number
  /** Of the turned photo, pixels; absent when it is unreadable. */
  readonly size?: { readonly width: number; readonly height: number }
  readonly faces: readonly FoundFace[]
}

/** Why a photo is refused. `unlike`: it shows another person than most of the others. */
export type Reason = 'unreadable' | 'no-face' | 'several-faces' | 'too-small' | 'blurred' | 'turned' | 'poor' | 'unlike'

/** What is wrong with a photo. */
export interface PhotoRefusal {
  readonly reason: Reason
  /** In words: what is wrong, with the measurement, and what would be better. */
  readonly why: string
}

/** The verdict on one photo. */
export interface ReviewedPhoto {
  readonly file: string
  /** As in `MeasuredPhoto`. */
  readonly turn: number
  /** The face to enroll; null when the photo is refused. */
  readonly face: FoundFace | null
  readonly refusal: PhotoRefusal | null
  /** Where the faces are, the largest first, in fractions of the turned photo. */
  readonly boxes: readonly Box[]
}

/** Limits that depend on configuration and model. */
export interface ReviewLimits {
  /** `identity.minQuality`. */
  readonly minQuality: number
  /** From this cosine on the embedder takes two faces for one person. */
  readonly threshold: number
}

/** Smaller faces give worse embeddings (src/vision/quality.ts: cosine to the full size .97 at 50 pixels, .93 at 38). */
export const leastPx = 40
/** The sharpest frames of a whip-pan have .5; still pictures have .83 and more (src/vision/quality.ts). */
export const leastSharpness = 0.5
/**
 * About 30 degrees: on the project's footage a head turned by 25 degrees has .34, by 36 degrees .67, from 43 degrees on
 * 1.
 */
export const mostYaw = 0.5
/** A second face of at least this share of the largest one's size could be meant too; smaller ones are background. */
const rivalShare = 1 / 3

const refusalOf = ({ unreadable, faces }: MeasuredPhoto, { minQuality }: ReviewLimits): PhotoRefusal | null => {
  if (unreadable !== undefined) return { reason: 'unreadable', why: unreadable }
  const [face] = faces
  if (!face) return { reason: 'no-face', why: 'no face was found; take one from the front, well lit' }
  const rivals = faces.filter(({ quality }) => quality.sizePx >= rivalShare * face.quality.sizePx).length
  if (rivals > 1)
    return { reason: 'several-faces', why: `there are ${rivals} faces, and it is unclear whose is meant; cut one out` }
  return problemOf(face.quality, minQuality)
}

/** What is wrong with a face in a photo; null for a good one. `minQuality` is `identity.minQuality`. */
export const problemOf = ({ sizePx, sharpness, yaw, overall }: Quality, minQuality: number): PhotoRefusal | null => {
  if (sizePx < leastPx)
    return {
      reason: 'too-small',
      why: `the face is ${Math.floor(sizePx)} pixels wide, ${leastPx} are needed; go nearer`,
    }
  if (sharpness < leastSharpness)
    return { reason: 'blurred', why: `it is blurred (sharpness ${sharpness.toFixed(2)}, ${leastSharpness} is needed)` }
  if (Math.abs(yaw) > mostYaw)
    return {
      reason: 'turned',
      why: `the face is turned away (yaw ${yaw.toFixed(2)}, at most ±${mostYaw}); look towards the camera`,
    }
  if (overall < minQuality)
    return {
      reason: 'poor',
      why: `the face is cut off, covered or badly lit (quality ${overall.toFixed(2)}, ${minQuality} is needed)`,
    }
  return null
}

const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)

/**
 * Takes the face that is like most of the others, and returns all faces that are like it. Empty when these are not more than half
 * of all: then nobody can tell which photos show the right person.
 */
const agreeing = (faces: readonly FoundFace[], threshold: number): ReadonlySet<FoundFace> => {
  const circles = faces.map((face) => {
    const similarities = faces.map((other) => (other === face ? 1 : cosine(face.embedding, other.embedding)))
    const members = faces.filter((_, i) => (similarities[i] ?? -1) >= threshold)
    return { members, nearness: similarities.reduce((sum, value) => sum + value, 0) }
  })
  const [best] = circles.toSorted((a, b) => b.members.length - a.members.length || b.nearness - a.nearness)
  return new Set(best && best.members.length * 2 > faces.length ? best.members : [])
}

/**
 * Judges photos of one person, in the order given: first each by itself, then whether those that passed show the same
 * person.
 */
export const reviewPhotos = (photos: readonly MeasuredPhoto[], limits: ReviewLimits): ReviewedPhoto[] => {
  const ordered = photos.map((photo) => ({
    ...photo,
    faces: photo.faces.toSorted((a, b) => b.quality.sizePx - a.quality.sizePx),
  }))
  const first = ordered.map((photo) => ({
    file: photo.file,
    turn: photo.turn ?? 0,
    face: photo.faces[0],
    refusal: refusalOf(photo, limits),
    boxes: photo.faces.map(({ box }) => box),
  }))
  const passed = first.flatMap(({ face, refusal }) => (face && !refusal ? [face] : []))
  const same = agreeing(passed, limits.threshold)
  return first.map(({ face, refusal, ...photo }) => {
    if (!face || refusal) return { ...photo, face: null, refusal }
    if (same.has(face)) return { ...photo, face, refusal: null }
    const others = passed.filter((other) => other !== face).map((other) => cosine(face.embedding, other.embedding))
    const measured = `similarity at most ${Math.max(...others).toFixed(2)}, ${limits.threshold} is needed`
    const why =
      same.size > 0
        ? `it is too unlike the other photos (${measured}); is that the same person?`
        : `the photos do not show one person (${measured}); leave out the wrong ones, or add more`
    return { ...photo, face: null, refusal: { reason: 'unlike', why } }
  })
}
