import { seededRandom, shuffled } from '../../math/seeded-random.ts'
import { dot } from '../../math/vector.ts'
import { neighboursIn } from './neighbours.ts'

/** It is settled long before, or goes back and forth. */
const mostRounds = 20

/**
 * Chinese Whispers (C. Biemann, TextGraphs 2006) on the graph of pairs of a cosine of `threshold` or more, which weighs them: each
 * face takes over what most of its neighbours' weight says, in an order that `seed` draws, until nothing changes. Of equals the
 * one that it has stays, else the lower wins. Returns the number of each face's person.
 */
export const chineseWhispers = (
  embeddings: readonly ArrayLike<number>[],
  { threshold, seed = 1 }: { readonly threshold: number; readonly seed?: number },
): Int32Array => {
  const near = neighboursIn(embeddings, threshold)
  const links = embeddings.map((own, face) =>
    near(face).flatMap((to) => (to === face ? [] : [{ to, weight: dot(own, embeddings[to] ?? []) }])),
  )
  const people = Int32Array.from(embeddings.keys())
  const random = seededRandom(seed)
  const heard = (face: number): number => {
    const weights = new Map<number, number>()
    for (const { to, weight } of links[face] ?? []) {
      const person = people[to] as number
      weights.set(person, (weights.get(person) ?? 0) + weight)
    }
    let best = people[face] as number
    let most = weights.get(best) ?? 0
    for (const [person, weight] of weights)
      if (weight > most || (weight === most && best !== people[face] && person < best)) [best, most] = [person, weight]
    return best
  }
  for (let round = 0, changes = 1; round < mostRounds && changes > 0; round++) {
    changes = 0
    for (const face of shuffled([...embeddings.keys()], random)) {
      const person = heard(face)
      if (person === people[face]) continue
      people[face] = person
      changes++
    }
  }
  return people
}
