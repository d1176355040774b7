import { setImmediate } from 'node:timers/promises'
import type { TrackLikeness } from '../identity/gallery/who-is.ts'
import type { PastTrack } from '../identity/state/state.ts'
import type { PastTracks } from '../identity/store/past-tracks.ts'
import type { FoundTrack } from '../server/people-answers.ts'
import type { MediaMs, PersonId } from '../types.ts'

/** Where past tracks are looked for. */
export interface SearchTracksParts {
  readonly settled: PastTracks<PastTrack & { readonly person: PersonId }>
  readonly unassigned: PastTracks<PastTrack>
  readonly isTrackOf: (embedding: Float32Array, quality: number, track: PastTrack) => TrackLikeness | null
  /** The person an ID stands for now. */
  readonly resolve: (person: PersonId) => PersonId
  readonly nameOf: (person: PersonId) => string | null
  /** Commits what has changed, so that the tables are up to date. */
  readonly flush: () => void
}

/** The past tracks that look like a face, the most alike first, at most 50. Those that were over before `fromMs` are left out. */
export type SearchTracks = (embedding: Float32Array, quality: number, fromMs: MediaMs) => Promise<readonly FoundTrack[]>

const mostFound = 50
/** Tracks that are compared in one go, in some milliseconds; cameras wait meanwhile. */
const atOnce = 1000

/** Reads all of them, a page at a time, and lets other work in between. */
async function* pages<Track extends PastTrack>(table: PastTracks<Track>, fromMs: MediaMs) {
  for (let after: number | null = 0; after !== null; ) {
    const page: ReturnType<typeof table.page> = table.page({ fromMs, after, limit: atOnce })
    yield page.tracks
    after = page.next
    await setImmediate()
  }
}

/** Tracks that are not over yet, or have been for less than a minute, are not among them. */
export const createSearchTracks = (parts: SearchTracksParts): SearchTracks => {
  const { settled, unassigned, isTrackOf, resolve, nameOf, flush } = parts
  return async (embedding, quality, fromMs) => {
    flush()
    let found: FoundTrack[] = []
    const look = (track: PastTrack, was: PersonId | null): void => {
      const likeness = isTrackOf(embedding, quality, track)
      if (!likeness) return
      const person = was === null ? null : resolve(was)
      const { track: id, camera, shown, lastMs } = track
      const times = { fromMs: shown?.firstMs ?? lastMs, untilMs: lastMs }
      found.push({ track: id, camera, ...times, person, name: person === null ? null : nameOf(person), ...likeness })
    }
    const keepBest = (): void => void (found = found.sort((a, b) => b.score - a.score).slice(0, mostFound))
    for await (const tracks of pages(settled, fromMs)) {
      for (const track of tracks) look(track, track.person)
      keepBest()
    }
    for await (const tracks of pages(unassigned, fromMs)) {
      for (const track of tracks) look(track, null)
      keepBest()
    }
    return found
  }
}
