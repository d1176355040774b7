import { seededRandom, shuffled } from '../math/seeded-random.ts'
import { squaredDistance } from './distance.ts'
import type { Distances } from './verification.ts'

/** A photo's place in the list, and whose it is. */
interface Item {
  readonly person: string
}

/** The indices of two photos. */
export type PhotoPair = readonly [number, number]

/** Pairs of one person and as many pairs of two people. */
export interface Fold {
  readonly same: readonly PhotoPair[]
  readonly different: readonly PhotoPair[]
}

/** The folds of a verification. */
export interface PairPlan {
  readonly folds: readonly Fold[]
  /** Whether each person is in one fold only. That takes two people with several photos for every fold. */
  readonly byPerson: boolean
}

const foldCount = 10
/** The most pairs of each kind in a fold, as in LFW: 10 folds of 300 + 300. */
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
 * Plans ten folds with as many same as different pairs, at most 300 of each. With 20 people or more who have two
 * photos, people are divided into folds; otherwise all pairs are. The result depends on `seed` only.
 */
export const planPairs = (photos: readonly Item[], seed: number): PairPlan => {
  const random = seededRandom(seed)
  const byName = Map.groupBy(photos.keys(), (i) => photos[i]?.person ?? '')
  const people = shuffled([...byName.values()], random)
  // People with several photos come first, so that every fold gets its share of them.
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
type Distance = (a: ArrayLike<number>, b: ArrayLike<number>) => number

/** The distances of a fold's pairs. `vectors[i]` is the embedding of photo `i`, of unit length unless a distance is given. */
export const distancesOf = (
  { same, different }: Fold,
  vectors: Vectors,
  distance: Distance = squaredDistance,
): Distances => {
  const between = ([a, b]: PhotoPair): number => distance(vectors[a] ?? [], vectors[b] ?? [])
  return { same: same.map(between), different: different.map(between) }
}

/**
 * With more photos than this, only an even selection gives different pairs, because their number grows with the square.
 */
const mostPhotos = 1500

/**
 * The distances of all pairs of photos, as a FAR of 1e-4 needs. Of many photos an even selection gives the different
 * pairs.
 */
export const allDistances = (
  photos: readonly Item[],
  vectors: Vectors,
  distance: Distance = squaredDistance,
): Distances => {
  const step = Math.ceil(photos.length / mostPhotos)
  const same: number[] = []
  const different: number[] = []
  for (let a = 0; a < photos.length; a++)
    for (let b = a + 1; b < photos.length; b++) {
      const own = photos[a]?.person === photos[b]?.person
      if (!own && (a % step !== 0 || b % step !== 0)) continue
      ;(own ? same : different).push(distance(vectors[a] ?? [], vectors[b] ?? []))
    }
  return { same, different }
}
