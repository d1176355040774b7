/** The similarity of two that must never be in one cluster: no mean with it reaches a threshold. */
export const never = -1e9

/** One step of the agglomeration: the clusters of two items become one, at this mean similarity. */
interface Join {
  readonly a: number
  readonly b: number
  readonly similarity: number
}

/** The tree of an agglomerative clustering, cut where it is asked to be. */
export interface Tree {
  /** The cluster of each item, named by one of its items: joined are clusters whose mean similarity is `threshold` or more. */
  readonly at: (threshold: number) => Int32Array
  /** The same with as many clusters as wanted, or more where `never` keeps them apart. */
  readonly into: (clusters: number) => Int32Array
}

/**
 * Every step down to one cluster, by the nearest-neighbour chain (F. Murtagh, "A survey of recent advances in hierarchical
 * clustering algorithms", Computer Journal 26, 1983), which for average linkage gives the same tree as always joining the most
 * similar pair, in O(n²). `links` is row-major, n × n, and is overwritten, as are `sizes`.
 */
const agglomerate = (links: Float32Array, sizes: Float64Array): Join[] => {
  const n = sizes.length
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

const joined = (n: number, joins: readonly Join[]): Int32Array => {
  const parent = Int32Array.from({ length: n }, (_, i) => i)
  const rootOf = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root] as number
    return root
  }
  for (const { a, b } of joins) parent[rootOf(a)] = rootOf(b)
  return parent.map((_, i) => rootOf(i))
}

/**
 * Average linkage: the tree over n items of symmetric similarities. An item may stand for several (`sizes`, one each when left
 * out); its similarity is then the mean of theirs. Takes 4 n² bytes.
 */
export const averageLinkage = (
  n: number,
  similarity: (i: number, j: number) => number,
  sizes: ArrayLike<number> = new Float64Array(n).fill(1),
): Tree => {
  const links = new Float32Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const value = similarity(i, j)
      links[i * n + j] = value
      links[j * n + i] = value
    }
  const joins = agglomerate(links, Float64Array.from(sizes))
  const possible = joins.filter((join) => join.similarity > never / (4 * n)).sort((a, b) => b.similarity - a.similarity)
  return {
    at: (threshold) =>
      joined(
        n,
        possible.filter((join) => join.similarity >= threshold),
      ),
    into: (clusters) => joined(n, possible.slice(0, Math.max(0, n - clusters))),
  }
}
