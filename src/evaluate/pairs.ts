import { seededRandom, shuffled } from '../math/seeded-random.ts'
import { dot } from '../math/vector.ts'
import type { Distances } from './verification.ts'

/** A photo's place in the list, and whose it is. */
interface Item {
  readonly person: string
}

/** Indices of two photos. */
export type PhotoPair = readonly [number, number]

export interface Fold {
  readonly same: readonly PhotoPair[]
  readonly different: readonly PhotoPair[]
}

export interface PairPlan {
  readonly folds: readonly Fold[]
  /** Whether no person is in two folds; with fewer than two people a fold that cannot be had. */
  readonly byPerson: boolean
}

const foldCount = 10
/** As in LFW: 10 folds of 300 + 300. */
const mostPairs = 300

const samePairs = (groups: readonly (readonly number[])[]): PhotoPair[] =>
  groups.flatMap((group) => group.flatMap((a, i) => group.slice(i + 1).map((b): PhotoPair => [a, b])))

const differentPairs = (groups: readonly (readonly number[])[], count: number, random: () => number): PhotoPair[] => {
  const pairs = new Map<string, PhotoPair>()
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  // Two people, then a photo of each: nobody counts more for having more photos. Small folds repeat themselves: give
  // up.
  for (let tries = 0; groups.length > 1 && pairs.size < count && tries < 50 * count; tries++) {
    const [first, second] = [any(groups), any(groups)]
    if (first === second) continue
    const pair = [any(first), any(second)].sort((a, b) => a - b) as unknown as PhotoPair
    pairs.set(pair.join(' '), pair)
  }
  return [...pairs.values()]
}

const balanced = (same: readonly PhotoPair[], different: readonly PhotoPair[]): Fold => {
  const count = Math.min(same.length, different.length, mostPairs)
  return { same: same.slice(0, count), different: different.slice(0, count) }
}

/**
 * Ten folds of as many same as different pairs, at most 300 of each; folds by person where there are 20 people or more
 * with two photos, or else pairs of everybody dealt out. Deterministic in `seed`.
 */
export const planPairs = (photos: readonly Item[], seed: number): PairPlan => {
  const random = seededRandom(seed)
  const byName = Map.groupBy(photos.keys(), (i) => photos[i]?.person ?? '')
  const people = shuffled([...byName.values()], random)
  // Those with several photos first, so that every fold gets its share of them.
  const dealt = [...people.filter(({ length }) => length > 1), ...people.filter(({ length }) => length === 1)]
  const byPerson = dealt.filter(({ length }) => length > 1).length >= 2 * foldCount
  const deal = <T>(list: readonly T[]): T[][] =>
    Array.from({ length: foldCount }, (_, fold) => list.filter((_, i) => i % foldCount === fold))
  if (byPerson)
    return {
      byPerson,
      folds: deal(dealt).map((groups) => {
        const same = shuffled(samePairs(groups), random).slice(0, mostPairs)
        return balanced(same, differentPairs(groups, same.length, random))
      }),
    }
  const same = shuffled(samePairs(people), random).slice(0, foldCount * mostPairs)
  const different = deal(differentPairs(people, same.length, random))
  return { byPerson, folds: deal(same).map((pairs, fold) => balanced(pairs, different[fold] ?? [])) }
}

type Vectors = readonly ArrayLike<number>[]

/** 2 − 2·cosine. */
export const squaredDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.max(0, 2 - 2 * dot(a, b))

export const distancesOf = ({ same, different }: Fold, vectors: Vectors): Distances => {
  const distance = ([a, b]: PhotoPair): number => squaredDistance(vectors[a] ?? [], vectors[b] ?? [])
  return { same: same.map(distance), different: different.map(distance) }
}

/** Above this many photos the pairs are every so-many-th only: their number grows with the square. */
const mostPhotos = 1500

/** Every pair of photos: what a FAR of 1e-4 needs. With many photos those of an even selection. */
export const allDistances = (photos: readonly Item[], vectors: Vectors): Distances => {
  const step = Math.ceil(photos.length / mostPhotos)
  const same: number[] = []
  const different: number[] = []
  for (let a = 0; a < photos.length; a++)
    for (let b = a + 1; b < photos.length; b++) {
      const own = photos[a]?.person === photos[b]?.person
      if (!own && (a % step !== 0 || b % step !== 0)) continue
      ;(own ? same : different).push(squaredDistance(vectors[a] ?? [], vectors[b] ?? []))
    }
  return { same, different }
}
