import { type Contingency, contingencyOf, eachCell, type Labelled } from './contingency.ts'
import { add, type Fraction, fraction, harmonicMean, one, over, toNumber, zero } from './fraction.ts'

/** How well labels agree with the truth. 1 is best, but for `idsPerPerson`; all but ARI are 0 or more. */
export interface ClusteringScores {
  readonly faces: number
  readonly people: number
  readonly ids: number
  /** Averaged over faces (A. Bagga, B. Baldwin 1998; E. Amigó et al. 2009). */
  readonly bcubedP: number
  readonly bcubedR: number
  readonly bcubedF: number
  /** Over pairs of faces. */
  readonly pairP: number
  readonly pairR: number
  readonly pairF: number
  /** 2·I / (H + H'): normalised by the arithmetic mean. */
  readonly nmi: number
  readonly homogeneity: number
  readonly completeness: number
  /** Adjusted Rand index (L. Hubert, P. Arabie 1985). */
  readonly ari: number
  /** Weighted cluster purity: Σ max / N. */
  readonly wcp: number
  /** IDs over true people: an ID counts for the person that it mostly is. */
  readonly idsPerPerson: number
}

const pairs = (n: number): number => (n * (n - 1)) / 2

/** Σ both² / size, over faces: the sizes differ less often than the cells, so sums stay whole numbers for long. */
const bcubed = (table: Contingency, sizes: ReadonlyMap<string, number>, by: 'label' | 'truth'): Fraction => {
  const squares = new Map<number, number>()
  for (const cell of eachCell(table)) {
    const size = sizes.get(cell[by]) ?? 1
    squares.set(size, (squares.get(size) ?? 0) + cell.both * cell.both)
  }
  let sum = zero
  for (const [size, total] of squares) sum = add(sum, fraction(total, size))
  return over(sum, fraction(table.items, 1))
}

const entropy = (counts: Iterable<number>, items: number): number => {
  let sum = 0
  for (const count of counts) sum -= (count / items) * Math.log(count / items)
  return sum
}

/** Shared information, from the counts; exactly 0 rather than 1e-17 when one side is a single cluster. */
const information = (table: Contingency): number => {
  if (table.labels.size === 1 || table.truths.size === 1) return 0
  let sum = 0
  for (const { label, truth, both } of eachCell(table)) {
    const [a, b] = [table.labels.get(label) ?? 1, table.truths.get(truth) ?? 1]
    sum += (both / table.items) * Math.log((both * table.items) / (a * b))
  }
  return sum
}

const scoresOf = (table: Contingency): ClusteringScores => {
  const { items, labels, truths } = table
  const precision = bcubed(table, labels, 'label')
  const recall = bcubed(table, truths, 'truth')
  const together = [...eachCell(table)].reduce((sum, { both }) => sum + pairs(both), 0)
  const predicted = [...labels.values()].reduce((sum, n) => sum + pairs(n), 0)
  const actual = [...truths.values()].reduce((sum, n) => sum + pairs(n), 0)
  // No pair at all: nothing was said wrongly, nothing was missed.
  const pairP = predicted === 0 ? one : fraction(together, predicted)
  const pairR = actual === 0 ? one : fraction(together, actual)
  const byChance = items > 1 ? (predicted * actual) / pairs(items) : 0
  const shared = information(table)
  const [ofTruth, ofLabels] = [entropy(truths.values(), items), entropy(labels.values(), items)]
  const purest = [...table.cells.values()].reduce((sum, row) => sum + Math.max(...row.values()), 0)
  const spread = (predicted + actual) / 2 - byChance
  return {
    faces: items,
    people: truths.size,
    ids: labels.size,
    bcubedP: toNumber(precision),
    bcubedR: toNumber(recall),
    bcubedF: toNumber(harmonicMean(precision, recall)),
    pairP: toNumber(pairP),
    pairR: toNumber(pairR),
    pairF: toNumber(harmonicMean(pairP, pairR)),
    nmi: ofTruth + ofLabels === 0 ? 1 : (2 * shared) / (ofTruth + ofLabels),
    homogeneity: ofTruth === 0 ? 1 : shared / ofTruth,
    completeness: ofLabels === 0 ? 1 : shared / ofLabels,
    ari: spread === 0 ? 1 : (together - byChance) / spread,
    wcp: purest / items,
    idsPerPerson: labels.size / truths.size,
  }
}

/** Scores labels against the truth. The order does not matter. Needs at least one face. */
export const scoreClustering = (faces: Iterable<Labelled>): ClusteringScores => scoresOf(contingencyOf(faces))
