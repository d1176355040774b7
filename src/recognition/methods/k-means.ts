import { seededRandom } from '../../math/seeded-random.ts'
import { dot, unit } from '../../math/vector.ts'

/** The best of so many starts is taken. */
const starts = 4
const mostRounds = 50

type Vector = ArrayLike<number>

const nearest = (vector: Vector, centres: readonly Vector[]): { readonly centre: number; readonly cosine: number } => {
  let [best, most] = [0, -Infinity]
  for (const [i, centre] of centres.entries()) {
    const cosine = dot(vector, centre)
    if (cosine > most) [best, most] = [i, cosine]
  }
  return { centre: best, cosine: most }
}

/** k-means++ (D. Arthur, S. Vassilvitskii, SODA 2007): each next centre is drawn by its squared distance from those there are. */
const firstCentres = (vectors: readonly Vector[], people: number, random: () => number): Vector[] => {
  const distances = new Float64Array(vectors.length).fill(Infinity)
  const centres = [vectors[Math.floor(random() * vectors.length)] as Vector]
  while (centres.length < people) {
    const newest = centres.at(-1) as Vector
    let sum = 0
    for (const [i, vector] of vectors.entries()) {
      // Half the squared distance of unit vectors; rounding may make it negative.
      distances[i] = Math.min(distances[i] as number, Math.max(0, 1 - dot(vector, newest)))
      sum += distances[i]
    }
    let [drawn, left] = [0, random() * sum]
    while (drawn < vectors.length - 1 && left >= (distances[drawn] as number)) left -= distances[drawn++] as number
    centres.push(vectors[drawn] as Vector)
  }
  return centres
}

const meansOf = (vectors: readonly Vector[], people: Int32Array, before: readonly Vector[]): Vector[] => {
  const sums = before.map(({ length }) => new Float64Array(length))
  for (const [i, vector] of vectors.entries()) {
    const sum = sums[people[i] as number] as Float64Array
    for (let d = 0; d < sum.length; d++) sum[d] = (sum[d] as number) + (vector[d] as number)
  }
  // Who has lost all faces stays, and may win some back.
  return sums.map((sum, i) => unit(sum) ?? (before[i] as Vector))
}

/**
 * Spherical k-means (I. Dhillon, D. Modha 2001): `people` directions, each face with the one of the highest cosine, from the best of
 * a few starts that `seed` draws. Returns the number of each face's person; fewer people than asked for only where faces are equal.
 */
export const kMeans = (
  embeddings: readonly Vector[],
  { people: wanted, seed = 1 }: { readonly people: number; readonly seed?: number },
): Int32Array => {
  const random = seededRandom(seed)
  const count = Math.min(wanted, embeddings.length)
  let best = { people: new Int32Array(embeddings.length), fit: -Infinity }
  for (let start = 0; start < starts && count > 0; start++) {
    let centres = firstCentres(embeddings, count, random)
    const people = new Int32Array(embeddings.length).fill(-1)
    let fit = 0
    for (let round = 0, changes = 1; round < mostRounds && changes > 0; round++) {
      ;[fit, changes] = [0, 0]
      for (const [i, embedding] of embeddings.entries()) {
        const { centre, cosine } = nearest(embedding, centres)
        fit += cosine
        if (people[i] !== centre) changes++
        people[i] = centre
      }
      centres = meansOf(embeddings, people, centres)
    }
    if (fit > best.fit) best = { people, fit }
  }
  return best.people
}
