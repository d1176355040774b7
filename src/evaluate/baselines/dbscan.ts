import type { StreamFace } from '../stream.ts'
import type { WholeTrack } from '../tracklets.ts'

/** What DBSCAN goes by. */
export interface DbscanOptions {
  /** A face within this cosine distance is a neighbour; Immich's default is 0.5. */
  readonly maxDistance: number
  /** The faces of each track that take part. All would be hundreds of nearly equal faces, and the cost is quadratic. */
  readonly facesOfTrack: number
}

const immich: DbscanOptions = { maxDistance: 0.5, facesOfTrack: 3 }
/** Immich's default: a face with so many neighbours (itself too) is a core. */
const minFaces = 3

/** The best face of each of `parts` parts of the track. */
const pointsOf = ({ faces }: WholeTrack, minQuality: number, parts: number): StreamFace[] => {
  const length = Math.ceil(faces.length / parts)
  return Array.from({ length: parts }, (_, i) => faces.slice(i * length, (i + 1) * length)).flatMap((part) => {
    const [first, ...rest] = part.filter(({ quality }) => quality >= minQuality)
    return first ? [rest.reduce((best, face) => (face.quality > best.quality ? face : best), first)] : []
  })
}

/** Cosines between rows of a matrix, four sums at a time, because n² of them are most of an evaluation's time. */
const cosinesOf = (vectors: readonly Float32Array[]): ((i: number, j: number) => number) => {
  const size = Math.ceil((vectors[0]?.length ?? 0) / 4) * 4
  const rows = new Float32Array(vectors.length * size)
  for (const [i, vector] of vectors.entries()) rows.set(vector, i * size)
  return (i, j) => {
    let [a, b, c, d] = [0, 0, 0, 0]
    for (let p = i * size, q = j * size, end = p + size; p < end; p += 4, q += 4) {
      a += (rows[p] as number) * (rows[q] as number)
      b += (rows[p + 1] as number) * (rows[q + 1] as number)
      c += (rows[p + 2] as number) * (rows[q + 2] as number)
      d += (rows[p + 3] as number) * (rows[q + 3] as number)
    }
    return a + b + c + d
  }
}

/**
 * DBSCAN as Immich does it, one face after another. Only a core face creates a person. A face goes to the person of its
 * nearest neighbour that has one. The others wait and are tried again at the end. Returns an ID for each track: the
 * most frequent one of its faces.
 */
export const immichDbscan = (
  tracks: readonly WholeTrack[],
  minQuality: number,
  { maxDistance, facesOfTrack } = immich,
): (string | null)[] => {
  const points = tracks.flatMap((tracklet, track) =>
    pointsOf(tracklet, minQuality, facesOfTrack).map((face) => ({ track, face })),
  )
  const owner: number[] = points.map(() => -1)
  const cosine = cosinesOf(points.map(({ face }) => face.embedding))
  let people = 0
  const recognise = (i: number, among: number, last: boolean): void => {
    let [neighbours, nearest, similarity] = [0, -1, -1]
    for (let j = 0; j < among; j++) {
      const value = cosine(i, j)
      if (1 - value > maxDistance) continue
      neighbours++
      if ((owner[j] ?? -1) >= 0 && j !== i && value > similarity) [nearest, similarity] = [j, value]
    }
    const core = neighbours >= minFaces
    if (!core && !last) return
    if (nearest >= 0) owner[i] = owner[nearest] ?? -1
    else if (core) owner[i] = people++
  }
  for (const i of points.keys()) recognise(i, i + 1, false)
  for (const i of points.keys()) if ((owner[i] ?? -1) < 0) recognise(i, points.length, true)
  const votes = tracks.map(() => new Map<number, number>())
  for (const [i, { track }] of points.entries()) {
    const person = owner[i] ?? -1
    if (person >= 0) votes[track]?.set(person, (votes[track]?.get(person) ?? 0) + 1)
  }
  return votes.map((counts) => {
    const [best] = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
    return best ? `${best[0]}` : null
  })
}
