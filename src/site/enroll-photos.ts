import { RollcallError } from '../errors.ts'
import type { MeasuringElsewhere } from '../photos/measure-elsewhere.ts'
import { reviewPhotos } from '../photos/review-photos.ts'
import type { EnrollPhotos } from '../server/enroll-route.ts'
import type { PeopleService } from '../server/people-routes.ts'
import type { EnrolledCrop } from '../types.ts'

/** What enrolling from photos needs. */
export interface EnrollPhotosParts {
  readonly measuring: Pick<MeasuringElsewhere, 'measure'>
  readonly service: Pick<PeopleService, 'enroll'>
  /** `identity.minQuality`. */
  readonly minQuality: number
  /** Keeps the picture of a face that was enrolled; null where no pictures are kept. */
  readonly keepCrop: ((crop: EnrolledCrop) => void) | null
}

/**
 * Enrolls a person from photos that came over HTTP, with the review of `rollcall people enroll`. Rejects with USAGE when
 * no photo is good enough; `details.photos` says why not.
 */
export const createEnrollPhotos =
  ({ measuring, service, minQuality, keepCrop }: EnrollPhotosParts): EnrollPhotos =>
  async (name, photos, by) => {
    const { embedder, photos: measured } = await measuring.measure(photos, { pictures: keepCrop !== null })
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
    const enrolled = service.enroll({ name, embedder: model, faces }, by)
    for (const { picture, quality } of good)
      if (picture) keepCrop?.({ person: enrolled.person, quality: quality.overall, ...picture })
    return { ...enrolled, photos: verdicts }
  }
