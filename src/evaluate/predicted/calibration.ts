import { dot } from '../../math/vector.ts'
import { mean } from '../statistics.ts'
import type { Look, Looks } from './looks.ts'

/** Looks of which about the same was said: `from` to below `from` + .1. */
export interface Bin {
  readonly from: number
  readonly looks: number
  /** The mean of what was said, and of what is true. */
  readonly said: number
  readonly actual: number
}

/** What was said beside what is true, over many looks. */
export interface Predicted {
  readonly looks: number
  /** Pearson's r, and Spearman's: r of the ranks. Null where all values are the same. */
  readonly correlation: number | null
  readonly rankCorrelation: number | null
  /** The mean distance between `said` and `actual` of the bins, by their looks. */
  readonly calibrationError: number
  readonly bins: readonly Bin[]
}

/** One kind of view. */
export interface KindOfView {
  readonly kind: Look['kind']
  readonly looks: number
  /** Views in which the face was not found. */
  readonly lost: number
  /** Means; null without a look. */
  readonly quality: number | null
  readonly expected: number | null
  readonly actual: number | null
  /** The share of looks whose nearest face, of all other photos as they are, is the same person's; null where nobody has two. */
  readonly right: number | null
}

/** How well quality predicts. */
export interface QualityResult {
  readonly people: number
  readonly photos: number
  /** The expected cosine against the actual one; worse views only. */
  readonly expected: Predicted
  /** Quality against the share that is nearest to its own person; also the photos as they are. */
  readonly quality: Predicted
  readonly kinds: readonly KindOfView[]
  readonly withoutFace: readonly string[]
  readonly unreadable: readonly string[]
}

type Pair = readonly [said: number, actual: number]

const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values))

const correlationOf = (pairs: readonly Pair[]): number | null => {
  const [x, y] = [mean(pairs.map(([said]) => said)), mean(pairs.map(([, actual]) => actual))]
  let [xx, yy, xy] = [0, 0, 0]
  for (const [said, actual] of pairs) {
    xx += (said - x) ** 2
    yy += (actual - y) ** 2
    xy += (said - x) * (actual - y)
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null
}

/** The place of each value among all; equal values share the middle of theirs. */
const ranksOf = (values: readonly number[]): number[] => {
  const sorted = values.toSorted((a, b) => a - b)
  const [first, last] = [new Map<number, number>(), new Map<number, number>()]
  for (const [i, value] of sorted.entries()) {
    if (!first.has(value)) first.set(value, i)
    last.set(value, i)
  }
  return values.map((value) => ((first.get(value) ?? 0) + (last.get(value) ?? 0)) / 2)
}

const bins = 10

/** Compares what was said, 0–1, with what is true, in ten bins. What lies beyond is in the outermost. */
export const predicted = (pairs: readonly Pair[]): Predicted => {
  const binOf = ([said]: Pair): number => Math.min(bins - 1, Math.max(0, Math.floor(said * bins)))
  const filled = [...Map.groupBy(pairs, binOf)].sort(([a], [b]) => a - b)
  const of = filled.map(
    ([i, own]): Bin => ({
      from: i / bins,
      looks: own.length,
      said: mean(own.map(([said]) => said)),
      actual: mean(own.map(([, actual]) => actual)),
    }),
  )
  const [said, actual] = [ranksOf(pairs.map(([value]) => value)), ranksOf(pairs.map(([, value]) => value))]
  return {
    looks: pairs.length,
    correlation: correlationOf(pairs),
    rankCorrelation: correlationOf(said.map((rank, i): Pair => [rank, actual[i] ?? 0])),
    calibrationError: of.reduce((sum, bin) => sum + bin.looks * Math.abs(bin.said - bin.actual), 0) / pairs.length,
    bins: of,
  }
}

/** Whether the nearest face of all other photos, as they are, is the same person's; null for who has no other photo. */
const rightness = (looks: readonly Look[]): ReadonlyMap<Look, boolean> => {
  const clear = looks.filter(({ kind }) => kind === 'clear')
  const judged = looks.flatMap((look): (readonly [Look, boolean])[] => {
    const others = clear.filter(({ file }) => file !== look.file)
    if (!others.some(({ person }) => person === look.person)) return []
    const near = others.map((other) => ({ other, cosine: dot(other.embedding, look.embedding) }))
    const nearest = near.reduce((best, one) => (one.cosine > best.cosine ? one : best))
    return [[look, nearest.other.person === look.person]]
  })
  return new Map(judged)
}

/** What quality says of looks beside what is true of them. */
export const qualityPredicts = ({ looks, lost, withoutFace, unreadable }: Looks): QualityResult => {
  const right = rightness(looks)
  const kinds = [...new Set([...looks.map(({ kind }) => kind), ...lost.keys()])].map((kind): KindOfView => {
    const own = looks.filter((look) => look.kind === kind)
    const judged = own.flatMap((look) => right.get(look) ?? [])
    return {
      kind,
      looks: own.length,
      lost: lost.get(kind) ?? 0,
      quality: meanOf(own.map(({ quality }) => quality)),
      expected: meanOf(own.map(({ expected }) => expected)),
      actual: meanOf(own.map(({ actual }) => actual)),
      right: meanOf(judged.map(Number)),
    }
  })
  return {
    people: new Set(looks.map(({ person }) => person)).size,
    photos: new Set(looks.map(({ file }) => file)).size,
    expected: predicted(
      looks.filter(({ kind }) => kind !== 'clear').map(({ expected, actual }): Pair => [expected, actual]),
    ),
    quality: predicted([...right].map(([{ quality }, isRight]): Pair => [quality, isRight ? 1 : 0])),
    kinds,
    withoutFace,
    unreadable,
  }
}
