import { describe, expect, it } from 'vitest'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { unit } from '../../src/math/vector.ts'
import { clusterBy, clusterMethods } from '../../src/recognition/cluster-by.ts'
import { dbscan } from '../../src/recognition/methods/dbscan.ts'
import type { ShownFace } from '../../src/recognition/methods/one-after-another.ts'
import { reference } from '../../src/vision/calibration.ts'
import { expectKept, methodScores, type TrueFace } from '../evaluate/kept-scores.ts'

const radians = (degrees: number): number => (degrees * Math.PI) / 180
const embeddingsAt = (...degrees: readonly number[]): number[][] =>
  degrees.map((angle) => [Math.cos(radians(angle)), Math.sin(radians(angle))])
const facesAt = (...degrees: readonly number[]): ShownFace[] =>
  embeddingsAt(...degrees).map((embedding, photo) => ({ embedding, photo, quality: 0.8 }))
const within = (degrees: number) => ({ threshold: Math.cos(radians(degrees)) })

/** `each` photos of each of `people`, one person after another in turn. */
const photosOf = (people: number, each: number): ShownFace[] => {
  const gaussian = gaussianFrom(seededRandom(3))
  const vector = () => Float32Array.from({ length: 128 }, gaussian)
  const centres = Array.from({ length: people }, vector)
  return Array.from({ length: people * each }, (_, photo) => {
    const noisy = (centres[photo % people] ?? vector()).map((value) => value + 0.5 * gaussian())
    return { embedding: unit(noisy) ?? noisy, photo, quality: 0.8 }
  })
}

describe('clusterBy', () => {
  it.each(clusterMethods)('%s finds the people whose photos are clearly theirs, the same each time', (method) => {
    const faces = photosOf(5, 6)
    const found = clusterBy(method, faces, { threshold: 0.4, people: 5 })
    expect(found).toEqual([0, 1, 2, 3, 4].map((person) => [0, 5, 10, 15, 20, 25].map((photo) => photo + person)))
    expect(clusterBy(method, faces, { threshold: 0.4, people: 5 })).toEqual(found)
    expect(clusterBy(method, [], { threshold: 0.4, people: 5 })).toEqual([])
  })

  it('dbscan takes the ends of a chain for one person; whom nobody is like is alone', () => {
    expect(clusterBy('dbscan', facesAt(170, 0, 20, 40, 60), within(25))).toEqual([[1, 2, 3, 4], [0]])
    const embeddings = embeddingsAt(0, 20, 40, 100, 110)
    expect([...dbscan(embeddings, within(25))]).toEqual([0, 0, 0, 1, 1])
    expect([...dbscan(embeddings, { ...within(25), minFaces: 3 })]).toEqual([0, 0, 0, -1, -1])
  })

  it('chinese-whispers does not take two people for one over a bridge, as dbscan does', () => {
    const faces = facesAt(0, 2, 4, 6, 23, 40, 42, 44, 46)
    expect(clusterBy('dbscan', faces, within(20))).toHaveLength(1)
    const people = clusterBy('chinese-whispers', faces, within(20))
    expect(people.map(({ length }) => length)).toEqual([5, 4])
    for (const side of [
      [0, 1, 2, 3],
      [5, 6, 7, 8],
    ])
      expect(people.filter((members) => side.some((face) => members.includes(face)))).toHaveLength(1)
  })

  it('kmeans makes as many people as it is told, but for equal faces, and no more than there are faces', () => {
    const by = (people: number, ...degrees: number[]) =>
      clusterBy('kmeans', facesAt(...degrees), { threshold: 0, people })
    expect(by(3, 90, 0, 2, 92, 4, 170)).toEqual([[1, 2, 4], [0, 3], [5]])
    expect(by(2, 90, 0, 2, 92, 4, 170)).toEqual([
      [0, 3, 5],
      [1, 2, 4],
    ])
    expect(by(2, 7, 7, 7)).toEqual([[0, 1, 2]])
    expect(by(5, 0, 90)).toEqual([[0], [1]])
  })

  it('online keeps two faces of one photo apart, however alike, and says nothing of a poor one', () => {
    const [one, other] = photosOf(1, 2) as [ShownFace, ShownFace]
    const faces = [one, { ...one, photo: 0 }, { ...other, quality: 0.1 }]
    expect(clusterBy('online', faces, { threshold: 0 })).toEqual([[0], [1], [2]])
    expect(clusterBy('dbscan', faces, { threshold: 0.4 })).toEqual([[0, 1, 2]])
  })

  it('the committed scores of simulated people, the best face of each track, are kept', () => {
    const best = new Map<string, TrueFace>()
    for (const { faces } of simulatePeople(levels.harder, 11, 40))
      for (const { track, person, quality, embedding } of faces)
        if (quality > (best.get(track)?.quality ?? 0)) best.set(track, { person, quality, embedding, photo: 0 })
    const faces = [...best.values()].map((face, photo) => ({ ...face, photo }))
    expect(faces.length).toBeGreaterThan(200)
    expectKept(
      'simulated harder, a face a track, BCubed F by method',
      methodScores(faces, { threshold: reference.cosineAtFar }),
    )
  })
})
