import { dot } from '../../math/vector.ts'
import type { WholeTrack } from '../tracklets.ts'

/** One step of the agglomeration: the clusters of two tracks become one, at this mean similarity. */
interface Join {
  readonly a: number
  readonly b: number
  readonly similarity: number
}

/**
 * Every step down to one cluster, by the nearest-neighbour chain (F. Murtagh, "A survey of recent advances in hierarchical
 * clustering algorithms", Computer Journal 26, 1983), which for average linkage gives the same tree as always joining the most
 * similar pair, in O(n²). `links` is row-major, n × n, and is overwritten.
 */
const agglomerate = (links: Float32Array, n: number): Join[] => {
  const sizes = new Float64Array(n).fill(1)
  const alive = new Uint8Array(n).fill(1)
  const joins: Join[] = []
  const chain: number[] = []
  let first = 0
  while (joins.length < n - 1) {
    while (!alive[first]) first++
    if (chain.length === 0) chain.push(first)
    const top = chain.at(-1) as number
    const before = chain.at(-2) ?? -1
    // Of equals the one before wins, else the chain could go round in a circle.
    let nearest = before
    let most = before < 0 ? -Infinity : (links[top * n + before] as number)
    for (let j = 0; j < n; j++)
      if (alive[j] && j !== top && (links[top * n + j] as number) > most) {
        most = links[top * n + j] as number
        nearest = j
      }
    if (nearest !== before) {
      chain.push(nearest)
      continue
    }
    chain.length -= 2
    joins.push({ a: top, b: before, similarity: most })
    const [x, y] = [sizes[top] as number, sizes[before] as number]
    for (let k = 0; k < n; k++) {
      const mean = (x * (links[top * n + k] as number) + y * (links[before * n + k] as number)) / (x + y)
      links[before * n + k] = mean
      links[k * n + before] = mean
    }
    sizes[before] = x + y
    alive[top] = 0
  }
  return joins
}

/**
 * Average linkage over all tracks at once: it knows the whole stream before it decides, which no live system can. The tree is made
 * once; the answer gives an ID for each track at a threshold of mean cosine.
 */
export const averageLinkage = (tracks: readonly WholeTrack[]): ((threshold: number) => (string | null)[]) => {
  const known = [...tracks.keys()].filter((i) => tracks[i]?.template)
  const n = known.length
  const means = known.map((i) => tracks[i]?.template?.mean ?? new Float32Array())
  const links = new Float32Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const value = dot(means[i] as Float32Array, means[j] as Float32Array)
      links[i * n + j] = value
      links[j * n + i] = value
    }
  const joins = agglomerate(links, n)
  return (threshold) => {
    const parent = Int32Array.from(known.keys())
    const rootOf = (i: number): number => {
      let root = i
      while (parent[root] !== root) root = parent[root] as number
      return root
    }
    for (const { a, b, similarity } of joins) if (similarity >= threshold) parent[rootOf(a)] = rootOf(b)
    const ids = tracks.map((): string | null => null)
    for (const [i, track] of known.entries()) ids[track] = `${rootOf(i)}`
    return ids
  }
}
