import { mapped } from '../math/mapped.ts'
import { crossProduct, diagonalOf, type Matrix, product, sumOf, transposed, zeros } from '../math/matrix.ts'
import { eigenOfSymmetric } from '../math/symmetric-eigen.ts'
import { dot } from '../math/vector.ts'

/** The same face, as two embedders see it. Unit vectors; biometric data. */
export interface FacePair {
  readonly old: Float32Array
  readonly fresh: Float32Array
  /** Faces of one group are never in the fit and in its test: a person, a recording. */
  readonly group: string
}

/**
 * What the map is where the faces say nothing. `rotation`: orthogonal Procrustes (P. H. Schönemann, Psychometrika 31, 1966), which
 * turns the old space as a whole. `identity`: the axes mean the same, as in a model that was distilled from the other. `zero`:
 * plain ridge regression.
 */
export type Prior = 'zero' | 'rotation' | 'identity'

/** How a map was fitted. */
export interface FitChoice {
  readonly prior: Prior
  /** How strongly the map is held to its prior, in faces of average spread. */
  readonly ridge: number
}

/** A linear map from the space of an old embedder into that of a new one. */
export interface FittedMap extends FitChoice {
  /** Row-major, dimensions of the old × dimensions of the new: new = old · matrix, then scaled to unit length. */
  readonly matrix: Matrix
  /** Mean cosine of a mapped face to the same face in the new space, of faces that were not in the fit. */
  readonly agreement: number
  /** Of each face, mapped by a fit without its group. */
  readonly heldOut: readonly Float32Array[]
}

const ridges = [0.3, 3, 30, 300, 3000] as const
const foldCount = 5

const olds = (pairs: readonly FacePair[]) => pairs.map(({ old }) => old)
const freshes = (pairs: readonly FacePair[]) => pairs.map(({ fresh }) => fresh)

/** The rotation (or partial isometry) nearest to `cross` = Σ oldᵀ new: its polar factor. */
const rotationOf = (cross: Matrix): Matrix => {
  const { values, vectors } = eigenOfSymmetric(product(transposed(cross), cross).values, cross.columns)
  const basis: Matrix = { rows: cross.columns, columns: cross.columns, values: vectors }
  // Directions that no face shows stay 0.
  const least = 1e-10 * Math.max(values[0] ?? 0, 1e-300)
  const inverse = diagonalOf(values.map((value) => (value > least ? 1 / Math.sqrt(value) : 0)))
  return product(cross, product(product(basis, inverse), transposed(basis)))
}

/** What a fit of these faces needs, however it is chosen. */
const prepareFit = (pairs: readonly FacePair[]) => {
  const gram = crossProduct(olds(pairs), olds(pairs))
  const cross = crossProduct(olds(pairs), freshes(pairs))
  const { values, vectors } = eigenOfSymmetric(gram.values, gram.rows)
  const basis: Matrix = { ...gram, values: vectors }
  const turned = transposed(basis)
  const priors: Partial<Record<Prior, Matrix>> = {
    zero: zeros(gram.rows, cross.columns),
    rotation: rotationOf(cross),
    ...(gram.rows === cross.columns && { identity: diagonalOf(new Float64Array(gram.rows).fill(1)) }),
  }
  return {
    priors: Object.keys(priors) as Prior[],
    /** argmin Σ |new − old · W|² + λ |W − prior|², λ = `ridge` / dimensions. */
    solve: ({ prior, ridge }: FitChoice): Matrix => {
      const held = priors[prior] ?? zeros(gram.rows, cross.columns)
      const rest = sumOf(cross, product(gram, held), -1)
      const inverse = diagonalOf(values.map((value) => 1 / (Math.max(value, 0) + ridge / gram.rows)))
      return sumOf(held, product(basis, product(inverse, product(turned, rest))))
    },
  }
}

const foldsOf = (pairs: readonly FacePair[]): readonly (readonly number[])[] => {
  const groups = [...Map.groupBy(pairs.keys(), (i) => pairs[i]?.group ?? '').values()]
  const folds = Array.from({ length: Math.min(foldCount, groups.length) }, (): number[] => [])
  for (const [i, group] of groups.entries()) folds[i % folds.length]?.push(...group)
  return folds
}

/**
 * Fits the map from faces that both embedders have seen: ridge regression towards a prior. Prior and strength are those that do best
 * on groups that were left out, in five folds. Deterministic. Needs two groups or more.
 */
export const fitMap = (pairs: readonly FacePair[]): FittedMap => {
  const folds = foldsOf(pairs).map((test) => {
    const out = new Set(test)
    return { test, ...prepareFit(pairs.filter((_, i) => !out.has(i))) }
  })
  const choices = (folds[0]?.priors ?? []).flatMap((prior) => ridges.map((ridge) => ({ prior, ridge })))
  const tried = choices.map((choice) => {
    const heldOut: Float32Array[] = []
    for (const { test, solve } of folds) {
      const matrix = solve(choice)
      for (const i of test) heldOut[i] = mapped(pairs[i]?.old ?? [], matrix)
    }
    const agreement = heldOut.reduce((sum, one, i) => sum + dot(one, pairs[i]?.fresh ?? []), 0) / pairs.length
    return { ...choice, heldOut, agreement }
  })
  const best = tried.reduce((most, each) => (each.agreement > most.agreement ? each : most))
  return { ...best, matrix: prepareFit(pairs).solve(best) }
}
