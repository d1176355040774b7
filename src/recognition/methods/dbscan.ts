import { neighboursIn } from './neighbours.ts'

/**
 * DBSCAN (M. Ester et al., KDD 1996) on unit vectors. A face with `minFaces` neighbours of a cosine of `threshold` or more, itself
 * among them, is a core; all that cores lead to is one person. With 2, as for photos, one chain of alike faces makes one person of
 * its two ends. Returns the number of each face's person; −1 for noise, which is like nobody.
 */
export const dbscan = (
  embeddings: readonly ArrayLike<number>[],
  { threshold, minFaces = 2 }: { readonly threshold: number; readonly minFaces?: number },
): Int32Array => {
  const near = neighboursIn(embeddings, threshold)
  const people = new Int32Array(embeddings.length).fill(-1)
  let found = 0
  for (const face of embeddings.keys()) {
    if (people[face] !== -1) continue
    const reached = near(face)
    if (reached.length < minFaces) continue
    people[face] = found
    // It grows while it is read.
    for (const next of reached) {
      if (people[next] !== -1) continue
      people[next] = found
      const further = near(next)
      if (further.length < minFaces) continue
      for (const other of further) if (people[other] === -1) reached.push(other)
    }
    found++
  }
  return people
}
