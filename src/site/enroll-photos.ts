import type { EnrollPhotos } from '../server/enroll-route.ts'
import type { PeopleService } from '../server/people-routes.ts'
import type { EnrolledCrop } from '../types.ts'
import { type ReviewSentParts, reviewSent } from './review-sent.ts'

/** What enrolling from photos needs. */
export interface EnrollPhotosParts extends ReviewSentParts {
  readonly service: Pick<PeopleService, 'enroll'>
  /** Keeps the picture of a face that was enrolled; null where no pictures are kept. */
  readonly keepCrop: ((crop: EnrolledCrop) => void) | null
}

/** Enrolls a person from photos that came over HTTP. Rejects as `reviewSent`. */
export const createEnrollPhotos =
  ({ service, keepCrop, ...parts }: EnrollPhotosParts): EnrollPhotos =>
  async (name, photos, by) => {
    const { embedder, good, faces, verdicts } = await reviewSent(parts, photos, keepCrop !== null)
    const enrolled = service.enroll({ name, embedder, faces }, by)
    for (const { picture, quality } of good)
      if (picture) keepCrop?.({ person: enrolled.person, quality: quality.overall, ...picture })
    return { ...enrolled, photos: verdicts }
  }
