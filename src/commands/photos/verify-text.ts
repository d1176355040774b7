import type { Comparison } from '../../recognition/compare.ts'
import { printable } from '../../text.ts'
import { faceJson, faceText } from './chosen-face.ts'
import { thresholdText } from './options.ts'
import { isPairOf, type Verdict, type Verified, verdictOf } from './verified.ts'

/** Wider matrices are not printed as text. */
const mostColumns = 24

const words: Readonly<Record<Verdict, string>> = {
  same: 'the same person',
  different: 'different people',
  unknown: 'it cannot be said',
}

/** Digits that are the same on another machine's floating point. */
const rounded = (pair: Comparison | null): Comparison | null =>
  pair && {
    ...pair,
    cosine: Number(pair.cosine.toFixed(4)),
    distance: Number(pair.distance.toFixed(4)),
    probability: pair.probability === null ? null : Number(pair.probability.toPrecision(4)),
  }

/** The result of `rollcall verify` for `--json`. */
export const jsonOf = (verified: Verified): object => {
  const { rows, columns, isSquare, pairs, judging } = verified
  const [a, b] = [rows[0], columns[0]]
  const base = { verdict: verdictOf(verified), threshold: judging.threshold, embedder: judging.embedder.name }
  return isPairOf(verified) && a && b
    ? { ...base, comparison: rounded(pairs[0]?.[0] ?? null), photos: [a, b].map(faceJson) }
    : {
        ...base,
        rows: rows.map(faceJson),
        columns: isSquare ? null : columns.map(faceJson),
        comparisons: pairs.map((row) => row.map(rounded)),
      }
}

const pairText = ({ cosine, distance, probability }: Comparison): string => {
  const chance = probability === null ? '' : `, P(same) ${probability.toFixed(4)} where both are equally likely`
  return `distance ${distance.toFixed(3)} (cosine ${cosine.toFixed(3)})${chance}`
}

const matrixText = ({ rows, columns, pairs }: Verified) => ({
  head: ['', ...columns.map((_, j) => `${j + 1}`)],
  rows: rows.map(({ file }, i) => [
    printable(`${i + 1} ${file}`),
    ...(pairs[i] ?? []).map((pair) => (pair ? `${pair.cosine.toFixed(2)}${pair.same ? '*' : ' '}` : '–')),
  ]),
})

/** The same for people: lines, and a matrix when it is not too wide. */
export const textOf = (verified: Verified) => {
  const { rows, columns, isSquare, pairs, judging } = verified
  const verdict = verdictOf(verified)
  const threshold = thresholdText(judging.threshold)
  const shown = isSquare ? rows : [...rows, ...columns]
  if (isPairOf(verified)) {
    const pair = pairs[0]?.[0]
    return [...shown.map(faceText).map(printable), words[verdict], ...(pair ? [pairText(pair)] : []), threshold]
  }
  const told = shown.filter(({ refusal, warning }) => refusal ?? warning).map((each) => printable(faceText(each)))
  const all = pairs.flatMap((row, i) => row.filter((_, j) => !isSquare || j > i))
  const same = all.filter((pair) => pair?.same).length
  const counts = `${all.length} pairs: ${same} of one person, ${all.filter((pair) => pair && !pair.same).length} of two, ${all.filter((pair) => !pair).length} cannot be said`
  const matrix = columns.length <= mostColumns ? [matrixText(verified), '* the same person; cosines'] : []
  return [...told, ...matrix, counts, threshold]
}
