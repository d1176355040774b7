import { seededRandom } from '../math/seeded-random.ts'
import { dot } from '../math/vector.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/**
 * How easy a stream is: the share of same-person pairs from different tracks above the cosine that accepts one in a
 * thousand different-person pairs. NaN when fewer than two people have several tracks.
 */
export const pairRecall = (frames: readonly StreamFrame[]): number => {
  const random = seededRandom(9)
  const all = frames.flatMap(({ faces }) => faces)
  const of = Map.groupBy(all, ({ person }) => person)
  // A person with a single track has no pair.
  const whom = [...of.values()].filter((faces) => new Set(faces.map(({ track }) => track)).size > 1)
  if (whom.length < 2) return Number.NaN
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const cosines = (count: number, draw: () => readonly [StreamFace, StreamFace] | null): number[] => {
    const values: number[] = []
    while (values.length < count) {
      const pair = draw()
      if (pair) values.push(dot(pair[0].embedding, pair[1].embedding))
    }
    return values
  }
  const same = cosines(30_000, () => {
    const faces = any(whom)
    const [a, b] = [any(faces), any(faces)]
    return a.track === b.track ? null : [a, b]
  })
  const different = cosines(200_000, () => {
    const [a, b] = [any(all), any(all)]
    return a.person === b.person ? null : [a, b]
  }).sort((a, b) => b - a)
  const threshold = different[Math.floor(different.length / 1000)] ?? 1
  return same.filter((value) => value >= threshold).length / same.length
}
