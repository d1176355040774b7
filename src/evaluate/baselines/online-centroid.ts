import { createSearch } from '../../identity/search/search.ts'
import { unit } from '../../math/vector.ts'
import type { WholeTrack } from '../tracklets.ts'

/** The faces of all tracks in the order in which they were seen, as indices of track and face. */
const inOrderSeen = (tracks: readonly WholeTrack[]): { readonly track: number; readonly face: number }[] =>
  tracks
    .flatMap(({ atMs }, track) => atMs.map((at, face) => ({ track, face, at })))
    .sort((a, b) => a.at - b.at || a.track - b.track)

/**
 * What a simple live system does: every face joins the person with the nearest centroid if the cosine is at least
 * `threshold`; otherwise it is a new person. The centroid is the running mean of the person's faces, all of the same
 * weight. There are no tracks, and no decision is revised. Faces below `minQuality` get no ID, as in the engine.
 * Returns an ID for each face, in the order of the tracks' faces.
 */
export const onlineCentroid = (
  tracks: readonly WholeTrack[],
  threshold: number,
  minQuality: number,
): (string | null)[][] => {
  const sums: Float64Array[] = []
  const dimensions = tracks.find(({ faces }) => faces.length > 0)?.faces[0]?.embedding.length ?? 1
  // Always exact, although too high a threshold makes thousands of people.
  const means = createSearch(dimensions, { exactUpTo: Infinity })
  const ids = tracks.map(({ faces }): (string | null)[] => faces.map(() => null))
  for (const { track, face } of inOrderSeen(tracks)) {
    const seen = tracks[track]?.faces[face]
    const own = ids[track]
    if (!seen || !own || seen.quality < minQuality) continue
    const [nearest] = means.nearest(seen.embedding, 1, () => true)
    const person = nearest && nearest.similarity >= threshold ? nearest.key : sums.length
    const sum = sums[person] ?? new Float64Array(dimensions)
    sums[person] = sum
    for (let d = 0; d < dimensions; d++) sum[d] = (sum[d] as number) + (seen.embedding[d] as number)
    const mean = unit(sum)
    if (mean) means.set(person, mean)
    own[face] = `${person}`
  }
  return ids
}
