import { assign } from '../../math/assignment.ts'
import { dot, unit } from '../../math/vector.ts'
import type { WholeTrack } from '../tracklets.ts'

/** Tracks that ended within this much time are clustered together. */
const windowMs = 30_000

interface Cluster {
  readonly members: number[]
  sum: Float64Array
}

const added = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, d) => value + (b[d] ?? 0))

/**
 * Agglomerative clustering with average linkage over the tracks' means, until no two clusters have a similarity of
 * `threshold` or more.
 */
const cluster = (tracks: readonly WholeTrack[], indices: readonly number[], threshold: number): Cluster[] => {
  const means = indices.map((index) => tracks[index]?.template?.mean ?? new Float32Array())
  const groups: (number[] | null)[] = indices.map((_, i) => [i])
  const links = means.map((a) => means.map((b) => dot(a, b)))
  for (;;) {
    let [first, second, most] = [-1, -1, threshold]
    for (let i = 0; i < groups.length; i++)
      for (let j = i + 1; groups[i] && j < groups.length; j++)
        if (groups[j] && (links[i]?.[j] ?? -1) >= most) [first, second, most] = [i, j, links[i]?.[j] ?? -1]
    const [into, from] = [groups[first], groups[second]]
    if (!into || !from) break
    for (const [k, row] of links.entries()) {
      const value = ((row[first] ?? 0) * into.length + (row[second] ?? 0) * from.length) / (into.length + from.length)
      row[first] = value
      const own = links[first]
      if (own) own[k] = value
    }
    groups[first] = [...into, ...from]
    groups[second] = null
  }
  return groups.flatMap((group) => {
    if (!group) return []
    const members = group.map((i) => indices[i] ?? 0)
    const sums = members.flatMap((member) => tracks[member]?.template?.sum ?? [])
    return [{ members, sum: sums.reduce(added) }]
  })
}

/**
 * What multi-camera services do: the tracks of a window are clustered. The clusters are matched one to one with the
 * people known so far, by the Hungarian method, at a cosine of `threshold` or more; the rest are new people. Returns an
 * ID for each track.
 */
export const windowClustering = (tracks: readonly WholeTrack[], threshold: number): (string | null)[] => {
  const ids: (string | null)[] = tracks.map(() => null)
  const people: { sum: Float64Array; mean: Float32Array }[] = []
  const windows = Map.groupBy(tracks.keys(), (i) => Math.floor((tracks[i]?.atMs.at(-1) ?? 0) / windowMs))
  for (const indices of windows.values()) {
    const clusters = cluster(
      tracks,
      indices.filter((i) => tracks[i]?.template),
      threshold,
    )
    const means = clusters.map(({ sum }) => unit(sum) ?? new Float32Array(sum.length))
    const cost = Float64Array.from(means.flatMap((mean) => people.map((person) => -dot(mean, person.mean))))
    const matched = assign(cost, clusters.length, people.length, -threshold)
    for (const [i, { members, sum }] of clusters.entries()) {
      const known = people[matched[i] ?? -1]
      const id = known ? (matched[i] ?? 0) : people.length
      const total = known ? added(known.sum, sum) : sum
      people[id] = { sum: total, mean: unit(total) ?? new Float32Array(total.length) }
      for (const member of members) ids[member] = `${id}`
    }
  }
  return ids
}
