import type { ObjectionsService, ObjectPhotos } from '../server/objections-routes.ts'
import { type ReviewSentParts, reviewSent } from './review-sent.ts'

/** What objecting by photos needs. */
export interface ObjectPhotosParts extends ReviewSentParts {
  readonly service: Pick<ObjectionsService, 'object'>
}

/** Takes down that whoever photos show is never to be recognised. Keeps no photo. Rejects as `reviewSent`, and as `object`. */
export const createObjectPhotos =
  ({ service, ...parts }: ObjectPhotosParts): ObjectPhotos =>
  async (photos, note, by) => {
    const { embedder, faces, verdicts } = await reviewSent(parts, photos)
    return { ...service.object({ person: null, embedder, faces, note }, by), photos: verdicts }
  }
