import { seededRandom, shuffled } from '../../math/seeded-random.ts'
import { squaredDistance } from '../distance.ts'
import { mean, rounded, standardDeviation } from '../statistics.ts'
import { type Distances, joined, valAtFar } from '../verification.ts'

/** VAL at FAR 1e-3 over folds of people. */
export interface FoldedVal {
  readonly val: number
  /** Of the mean over the folds, as FaceNet reports it. */
  readonly standardError: number
}

const far = 1e-3
const foldCount = 5

/** The photos of each of five folds: everybody is in one. The result depends on the people only. */
export const foldsOfPeople = (people: readonly string[]): readonly (readonly number[])[] => {
  const groups = shuffled([...Map.groupBy(people.keys(), (i) => people[i] ?? '').values()], seededRandom(1))
  const folds = Array.from({ length: foldCount }, (): number[] => [])
  for (const [i, group] of groups.entries()) folds[i % foldCount]?.push(...group)
  return folds
}

/** How many pairs of two people there are within the folds: a FAR of 1e-3 is one in a thousand of them. */
export const differentPairsIn = (people: readonly string[]): number => {
  const pairs = (n: number): number => (n * (n - 1)) / 2
  return foldsOfPeople(people).reduce((sum, fold) => {
    const own = [...Map.groupBy(fold, (i) => people[i]).values()].reduce((all, { length }) => all + pairs(length), 0)
    return sum + pairs(fold.length) - own
  }, 0)
}

const distancesIn = (
  fold: readonly number[],
  people: readonly string[],
  vectors: readonly ArrayLike<number>[],
): Distances => {
  const [same, different]: [number[], number[]] = [[], []]
  for (const [k, i] of fold.entries())
    for (const j of fold.slice(k + 1)) {
      const distance = squaredDistance(vectors[i] ?? [], vectors[j] ?? [])
      ;(people[i] === people[j] ? same : different).push(distance)
    }
  return { same, different }
}

/**
 * VAL at FAR 1e-3: for each fold all pairs of its photos, at the threshold that lets 1e-3 of the pairs of two people in the other
 * folds through. Unit vectors; `project` is given what is not in the fold, to fit on. Folds without a pair of one person are left out.
 */
export const foldedVal = (
  people: readonly string[],
  vectors: readonly ArrayLike<number>[],
  project: (fitOn: readonly number[]) => (vector: ArrayLike<number>) => ArrayLike<number> = () => (vector) => vector,
): FoldedVal => {
  const folds = foldsOfPeople(people)
  const vals = folds.flatMap((fold, k) => {
    const others = folds.filter((_, j) => j !== k)
    const seen = project(others.flat())
    const projected = vectors.map(seen)
    const [{ threshold } = { threshold: 0 }] = valAtFar(
      joined(others.map((other) => distancesIn(other, people, projected))),
      [far],
    )
    const { same } = distancesIn(fold, people, projected)
    return same.length === 0 ? [] : [same.filter((distance) => distance < threshold).length / same.length]
  })
  return {
    val: vals.length === 0 ? 0 : rounded(mean(vals)),
    standardError: rounded(standardDeviation(vals) / Math.sqrt(Math.max(1, vals.length))),
  }
}
