import { unit } from '../../identity/vector.ts'
import type { Tracklet } from '../tracklets.ts'

interface Person {
  readonly sum: Float64Array
  mean: Float32Array
}

const cosine = (a: Float32Array, b: Float32Array): number => {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += (a[d] as number) * (b[d] as number)
  return sum
}

/** Faces of tracks in the order in which they were seen: each track's index and the face's place in it. */
const inOrderSeen = (tracks: readonly Tracklet[]): { readonly track: number; readonly face: number }[] =>
  tracks
    .flatMap(({ atMs }, track) => atMs.map((at, face) => ({ track, face, at })))
    .sort((a, b) => a.at - b.at || a.track - b.track)

/**
 * What a plain live system does: every face goes to the person with the nearest centroid if the cosine is at least
 * `threshold`, or else is a new person. The centroid is the running mean of its faces, each for as much as the next.
 * It knows no tracks and never looks back; faces below `minQuality` get no ID, as in the engine. Returns an ID a face,
 * in the order of the tracks' faces.
 */
export const onlineCentroid = (
  tracks: readonly Tracklet[],
  threshold: number,
  minQuality: number,
): (string | null)[][] => {
  const people: Person[] = []
  const ids = tracks.map(({ faces }): (string | null)[] => faces.map(() => null))
  for (const { track, face } of inOrderSeen(tracks)) {
    const seen = tracks[track]?.faces[face]
    const own = ids[track]
    if (!seen || !own || seen.quality < minQuality) continue
    let [best, similarity] = [-1, threshold]
    for (const [i, { mean }] of people.entries()) {
      const value = cosine(mean, seen.embedding)
      if (value >= similarity) [best, similarity] = [i, value]
    }
    const person = people[best]
    if (person) {
      for (let d = 0; d < person.sum.length; d++) person.sum[d] = (person.sum[d] as number) + (seen.embedding[d] ?? 0)
      person.mean = unit(person.sum) ?? person.mean
    } else {
      best = people.length
      people.push({ sum: Float64Array.from(seen.embedding), mean: seen.embedding })
    }
    own[face] = `${best}`
  }
  return ids
}
