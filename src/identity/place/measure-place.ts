import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { cosineOn } from '../people/evidence.ts'
import { directionOf } from '../people/exemplars.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Exemplar } from '../state/state.ts'

/** How alike different people are at this place, measured without labels: two who were in one picture are two. */
export interface PlaceCurve {
  /** People who are clearly not each other, whatever IDs they have. */
  readonly people: number
  /** Pairs of them who were seen together; each counts once, however often. */
  readonly pairs: number
  /** Of the pairs' cosines, as `cosineOn` gives them. */
  readonly median: number
  /** Their standard deviation, from the median absolute deviation. */
  readonly spread: number
  /** Standard error of the median. A person is in many pairs, so it counts people where they are fewer. */
  readonly error: number
}

/** People who are measured at most, the newest. */
const mostPeople = 300
/** Looks of each that are compared. */
const mostLooks = 3
/** Standard deviations over the median from which on two IDs may be one person: 1 in 160 pairs of different people is as alike. */
const alikeBy = 2.5
/** The standard deviation of a normal distribution over its median absolute deviation; and of its median over that of its mean. */
const [ofDeviation, ofMedian] = [1.4826, 1.2533]

type CosineOf = ReturnType<typeof cosineOn>

interface Pair {
  readonly a: PersonRecord
  readonly b: PersonRecord
  /** Of their looks. */
  readonly cosine: number
  /** Of their means, by which it is told whether two IDs may be one person. */
  readonly whole: number
}

const looksOf = ({ exemplars, contributions }: PersonRecord): Exemplar[] =>
  [...exemplars, ...contributions.values()].slice(0, mostLooks)

/** The mean cosine of their looks. That of their means rises where an ID mixes people: what they have in common is left. */
const ofLooks = (a: PersonRecord, b: PersonRecord, cosineOf: CosineOf): number => {
  const others = looksOf(b).map(directionOf)
  const all = looksOf(a).flatMap((look) => others.map((other) => cosineOf(directionOf(look), other)))
  return all.reduce((sum, each) => sum + each, 0) / all.length
}

const middleOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

const spreadOf = (cosines: readonly number[]): { readonly median: number; readonly spread: number } => {
  const median = middleOf(cosines)
  return { median, spread: ofDeviation * middleOf(cosines.map((each) => Math.abs(each - median))) }
}

/** The cosine of their means. */
const ofMeans = (a: PersonRecord, b: PersonRecord, cosineOf: CosineOf): number =>
  a.known && b.known ? cosineOf(a.known.mean, b.known.mean) : 0

/** Everybody of the pairs, each with the first who is so alike that the two may be one. */
const grouped = (
  people: readonly PersonRecord[],
  limit: number,
  cosineOf: CosineOf,
): Map<PersonRecord, PersonRecord> => {
  const firsts: PersonRecord[] = []
  return new Map(
    people.map((person) => {
      let first = firsts.find((one) => ofMeans(one, person, cosineOf) >= limit)
      if (!first) firsts.push((first = person))
      return [person, first]
    }),
  )
}

/** The cosine of each pair of groups: that of the first pair between them, for a mean would hide how much pairs vary. */
const betweenGroups = (pairs: readonly Pair[], groups: ReadonlyMap<PersonRecord, PersonRecord>) => {
  const found = new Map<string, Pair>()
  const people = new Set<PersonRecord>()
  for (const pair of pairs) {
    const { a, b } = pair
    const two = [groups.get(a) ?? a, groups.get(b) ?? b].sort((x, y) => x.order - y.order)
    if (two[0] === two[1]) continue
    for (const one of two) people.add(one)
    const key = two.map(({ order }) => order).join(' ')
    if (!found.has(key)) found.set(key, pair)
  }
  return { pairs: [...found.values()], people: people.size }
}

/**
 * Measures how alike people are who were seen together. IDs may be wrong: those that may be one person, by the curve itself, count
 * as one, so neither a person with many IDs nor a poster that shows one face many times adds pairs. Null where nobody was seen
 * with anybody. Depends on the state only.
 */
export const measurePlace = (
  people: Pick<People, 'all' | 'find'>,
  coOccurrence: Pick<CoOccurrence, 'with'>,
  cosineOf: CosineOf,
): PlaceCurve | null => {
  const known = [...people.all()].filter((person) => person.known !== null).sort((a, b) => b.order - a.order)
  const newest = known.slice(0, mostPeople).reverse()
  const chosen = new Set(newest)
  const pairs = newest.flatMap((a) =>
    Array.from(coOccurrence.with(a.id)).flatMap(([id, frames]): Pair[] => {
      const b = people.find(id)
      // What somebody said is no picture of both.
      if (!b || !chosen.has(b) || a.order >= b.order || frames === Infinity) return []
      return [{ a, b, cosine: ofLooks(a, b, cosineOf), whole: ofMeans(a, b, cosineOf) }]
    }),
  )
  // The first pair between two groups counts: after a restart it must be the same.
  pairs.sort((one, other) => one.a.order - other.a.order || one.b.order - other.b.order)
  let found = { pairs, people: 0 }
  for (let round = 0; round < 3 && found.pairs.length > 0; round++) {
    const { median, spread } = spreadOf(found.pairs.map(({ whole }) => whole))
    found = betweenGroups(pairs, grouped(newest, median + alikeBy * spread, cosineOf))
  }
  const count = found.pairs.length
  if (count === 0) return null
  const { median, spread } = spreadOf(found.pairs.map(({ cosine }) => cosine))
  const error = (ofMedian * spread) / Math.sqrt(Math.min(count, found.people))
  return { people: found.people, pairs: count, median, spread, error }
}
