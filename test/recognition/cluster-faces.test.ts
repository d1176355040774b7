import { describe, expect, it } from 'vitest'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { unit } from '../../src/math/vector.ts'
import { type ClusterFace, clusterFaces } from '../../src/recognition/cluster-faces.ts'

const facesAt = (...degrees: readonly number[]): ClusterFace[] =>
  degrees.map((angle, photo) => ({
    embedding: [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)],
    photo,
  }))

describe('clusterFaces', () => {
  it('puts faces together whose mean cosine reaches the threshold, who has most first', () => {
    expect(clusterFaces(facesAt(90, 0, 5, 10, 95), { threshold: 0.9 })).toEqual([
      [1, 2, 3],
      [0, 4],
    ])
    expect(clusterFaces([], { threshold: 0.9 })).toEqual([])
  })

  it('takes two faces of one photo for two people, however alike, and their other photos with them', () => {
    const twins: ClusterFace[] = facesAt(0, 2, 0.5, 2.5).map((face, i) => ({ ...face, photo: i < 2 ? 7 : i }))
    expect(clusterFaces(twins, { threshold: -1 })).toEqual([
      [0, 2],
      [1, 3],
    ])
    expect(clusterFaces(twins, { threshold: -1, people: 1 })).toHaveLength(2)
  })

  it('makes as many people as are said to be there', () => {
    const faces = facesAt(0, 1, 40, 41, 170)
    expect(clusterFaces(faces, { threshold: 0.99, people: 2 }).map(({ length }) => length)).toEqual([4, 1])
    expect(clusterFaces(faces, { threshold: 0, people: 3 }).map(({ length }) => length)).toEqual([2, 2, 1])
  })

  it('finds the same people in parts as at once', () => {
    const gaussian = gaussianFrom(seededRandom(3))
    const centres = Array.from({ length: 6 }, () => Float32Array.from({ length: 32 }, gaussian))
    const faces = Array.from({ length: 90 }, (_, photo): ClusterFace => {
      const noisy = (centres[photo % 6] ?? new Float32Array(32)).map((value) => value + 0.3 * gaussian())
      return { embedding: unit(noisy) ?? noisy, photo }
    })
    const whole = clusterFaces(faces, { threshold: 0.6 })
    expect(whole.map(({ length }) => length)).toEqual([15, 15, 15, 15, 15, 15])
    expect(clusterFaces(faces, { threshold: 0.6 }, { atOnce: 20 })).toEqual(whole)
  })
})
