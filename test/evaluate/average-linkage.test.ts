import { describe, expect, it } from 'vitest'
import { averageLinkage } from '../../src/evaluate/baselines/average-linkage.ts'
import type { WholeTrack } from '../../src/evaluate/tracklets.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { withFace } from '../../src/math/template.ts'
import { dot, unit } from '../../src/math/vector.ts'

const trackOf = (embedding: Float32Array | null, i: number): WholeTrack => ({
  track: `${i}`,
  template: embedding && withFace(null, embedding, 1),
  faces: [],
  atMs: [i],
})

/** Unit vectors in the plane, by their angles in degrees. */
const tracksAt = (...degrees: number[]): WholeTrack[] =>
  degrees.map((angle, i) =>
    trackOf(Float32Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)), i),
  )

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Members in order, groups by their first one. */
const inOrder = (groups: readonly (readonly number[])[]): number[][] =>
  groups.map((group) => group.toSorted((a, b) => a - b)).sort(([a = 0], [b = 0]) => a - b)

/** The definition: the two most similar clusters become one as long as their mean similarity reaches the threshold. */
const byDefinition = (vectors: readonly Float32Array[], threshold: number): number[][] => {
  const groups = vectors.map((_, i) => [i])
  for (;;) {
    const pairs = groups.flatMap((a, i) =>
      groups.slice(0, i).map((b, j) => ({
        i,
        j,
        value: mean(a.flatMap((x) => b.map((y) => dot(vectors[x] ?? [], vectors[y] ?? [])))),
      })),
    )
    const best = pairs.sort((p, q) => q.value - p.value)[0]
    if (!best || best.value < threshold) return inOrder(groups)
    groups[best.j]?.push(...(groups[best.i] ?? []))
    groups.splice(best.i, 1)
  }
}

const groupsOf = (ids: readonly (string | null)[]): number[][] =>
  inOrder([...Map.groupBy(ids.keys(), (i) => ids[i]).values()])

describe('averageLinkage', () => {
  it('joins by the mean similarity of two clusters, not by their nearest members', () => {
    // 45° is .91 to 20°, but .81 to 0° and 20° on average.
    expect(groupsOf(averageLinkage(tracksAt(0, 20, 45))(0.9))).toEqual([[0, 1], [2]])
    expect(groupsOf(averageLinkage(tracksAt(0, 20, 45))(0.8))).toEqual([[0, 1, 2]])
  })

  it('gives a track without a template no ID, and ends with equal and with few tracks', () => {
    expect(averageLinkage([trackOf(null, 0)])(0.5)).toEqual([null])
    expect(averageLinkage([])(0.5)).toEqual([])
    const ids = averageLinkage([trackOf(null, 0), ...tracksAt(10, 10, 10, 10)])(0.99)
    expect(ids[0]).toBeNull()
    expect(new Set(ids.slice(1)).size).toBe(1)
  })

  // Vectors of no two equal similarities: where there are such, several trees fit the definition.
  it('gives the clusters of the definition at every threshold', () => {
    const gaussian = gaussianFrom(seededRandom(7))
    for (let round = 0; round < 60; round++) {
      const vectors = Array.from({ length: 2 + (round % 11) }, () => {
        const vector = Float32Array.from({ length: 4 }, gaussian)
        return unit(vector) ?? vector
      })
      const at = averageLinkage(vectors.map(trackOf))
      for (const threshold of [-0.4, 0, 0.3, 0.6, 0.9])
        expect(groupsOf(at(threshold)), `round ${round}, ${threshold}`).toEqual(byDefinition(vectors, threshold))
    }
  })
})
