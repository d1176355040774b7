import { RollcallError } from '../errors.ts'
import type { Likeness } from '../identity/gallery/who-is.ts'
import type { MeasuringElsewhere } from '../photos/measure-elsewhere.ts'
import { problemOf } from '../photos/review-photos.ts'
import type { PhotoSearch } from '../server/people-answers.ts'
import type { SearchPhoto } from '../server/search-route.ts'
import type { FindSightings } from '../server/sightings-routes.ts'
import type { SearchTracks } from './search-tracks.ts'

/** What a search needs. */
export interface SearchPhotoParts {
  readonly measuring: Pick<MeasuringElsewhere, 'measure'>
  readonly whoIs: (embedding: Float32Array, quality: number) => readonly Likeness[]
  readonly findSightings: FindSightings
  readonly searchTracks: SearchTracks
  /** The SHA-256 of the model that the people's embeddings come from. */
  readonly sha256: string
  /** `identity.minQuality`. */
  readonly minQuality: number
}

/** Faces of a photo that are looked up: a picture of a crowd has hundreds. */
const mostFaces = 20
const sightingsEach = 5

/** Says who is in a photo, with the models and the thresholds that cameras are analysed with. */
export const createSearchPhoto =
  ({ measuring, whoIs, findSightings, searchTracks, sha256, minQuality }: SearchPhotoParts): SearchPhoto =>
  async (photo, fromMs) => {
    const { embedder, photos } = await measuring.measure([photo])
    const [measured] = photos
    if (!measured || measured.unreadable !== undefined)
      throw new RollcallError('USAGE', `the photo cannot be read: it ${measured?.unreadable ?? 'shows nothing'}`, {
        remedy: 'Send another photo.',
      })
    if (embedder.sha256 !== sha256)
      throw new RollcallError('STATE', 'the people here were embedded by another model; they cannot be compared', {
        remedy: 'Restart Rollcall: the files of its models have changed since it started.',
      })
    const faces = measured.faces.toSorted((a, b) => b.quality.sizePx - a.quality.sizePx).slice(0, mostFaces)
    const found: PhotoSearch['faces'][number][] = []
    for (const { box, quality, embedding } of faces)
      found.push({
        box,
        quality: quality.overall,
        problems: [problemOf(quality, minQuality)?.why ?? []].flat(),
        matches: whoIs(embedding, quality.overall).map((match) => ({
          ...match,
          sightings: findSightings({ person: match.person, limit: sightingsEach }).sightings,
        })),
        tracks: fromMs === null ? [] : await searchTracks(embedding, quality.overall, fromMs),
      })
    return { turn: measured.turn ?? 0, faces: found }
  }
