import { RollcallError } from '../errors.ts'
import type { StoredEmbedder } from '../identity/store/problems.ts'
import type { MeasuringElsewhere } from '../photos/measure-elsewhere.ts'
import { type FoundFace, reviewPhotos } from '../photos/review-photos.ts'
import type { PhotoVerdict } from '../server/people-answers.ts'
import type { SentPhoto } from '../server/photo-uploads.ts'

/** What the review of photos that came over HTTP needs. */
export interface ReviewSentParts {
  readonly measuring: Pick<MeasuringElsewhere, 'measure'>
  /** `identity.minQuality`. */
  readonly minQuality: number
}

/** Photos of one person, reviewed. */
export interface SentReview {
  /** The model that measured them. */
  readonly embedder: StoredEmbedder
  /** The faces that are good enough, at least one. */
  readonly good: readonly FoundFace[]
  /** The same, as a service takes them. */
  readonly faces: { embedding: number[]; quality: number }[]
  readonly verdicts: readonly PhotoVerdict[]
}

/**
 * Reviews photos as `rollcall people enroll` does. Rejects with USAGE when no photo is good enough; `details.photos` says why
 * not. `pictures`: with the picture of each face.
 */
export const reviewSent = async (
  { measuring, minQuality }: ReviewSentParts,
  photos: readonly SentPhoto[],
  pictures = false,
): Promise<SentReview> => {
  const { embedder, photos: measured } = await measuring.measure(photos, { pictures })
  const { threshold, ...model } = embedder
  const reviewed = reviewPhotos(measured, { minQuality, threshold })
  const verdicts = reviewed.map(({ file, turn, refusal, boxes }) => ({
    file,
    accepted: refusal === null,
    reason: refusal?.reason ?? null,
    why: refusal?.why ?? null,
    turn,
    boxes,
  }))
  const good = reviewed.flatMap(({ face }) => face ?? [])
  if (good.length === 0) {
    const [first] = verdicts
    const why =
      photos.length === 1 ? `the photo is not usable: ${first?.why}` : `none of ${photos.length} photos is usable`
    throw new RollcallError('USAGE', why, {
      remedy: 'See details.photos for each photo, and send others.',
      details: { photos: verdicts },
    })
  }
  const faces = good.map(({ embedding, quality }) => ({ embedding: [...embedding], quality: quality.overall }))
  return { embedder: model, good, faces, verdicts }
}
