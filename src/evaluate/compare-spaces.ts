import { cosineAt, squaredDistance } from './distance.ts'
import type { FacePair } from './fit-map.ts'
import { median, rounded, standardDeviation } from './statistics.ts'
import { valAtFar } from './verification.ts'
import { targetFars } from './verify.ts'

/** A face with its person, as both embedders see it, and as the map says that the new one would. Unit vectors. */
export interface ComparedFace extends FacePair {
  /** Mapped by a fit without this person. */
  readonly carried: Float32Array
}

/** What a threshold does in one space, or between two. */
export interface SpaceScores {
  /** The cosine above which at most 1e-3 of the pairs of two people are. */
  readonly cosine: number
  /** The share of the pairs of one person above it, and its standard error over five folds of people. */
  readonly val: number
  readonly standardError: number
  /** The same at all rates of `targetFars`. */
  readonly fars: readonly { readonly targetFar: number; readonly cosine: number; readonly val: number }[]
  /** The median cosine of pairs of one person. */
  readonly sameMedian: number
  readonly pairs: { readonly same: number; readonly different: number }
}

/** FaceNet's table of harmonic embeddings: the old space, the new one, and the old gallery searched with the new embedder. */
export interface SpacesCompared {
  readonly oldOld: SpaceScores
  readonly newNew: SpaceScores
  readonly newOld: SpaceScores
}

const far = 1e-3
const foldCount = 5

type Of = (face: ComparedFace) => Float32Array

/** Squared distances of probes to the gallery; those of one person with the fold of the probe's person. */
const distances = (faces: readonly ComparedFace[], probe: Of, gallery: Of) => {
  const groups = [...new Set(faces.map(({ group }) => group))]
  const foldOf = new Map(groups.map((group, i) => [group, i % foldCount]))
  const same: number[] = []
  const folds: number[] = []
  const different: number[] = []
  for (const [i, a] of faces.entries())
    for (const [j, b] of faces.entries()) {
      // In one space a pair counts once.
      if (i === j || (probe === gallery && j < i)) continue
      const distance = squaredDistance(probe(a), gallery(b))
      if (a.group !== b.group) different.push(distance)
      else {
        same.push(distance)
        folds.push(foldOf.get(a.group) ?? 0)
      }
    }
  return { same, folds, different }
}

const cosineOf = (distance: number): number => rounded(cosineAt(distance))

const scoresOf = (faces: readonly ComparedFace[], probe: Of, gallery: Of): SpaceScores => {
  const { same, folds, different } = distances(faces, probe, gallery)
  const [{ threshold, val } = { threshold: 0, val: 0 }] = valAtFar({ same, different }, [far])
  const vals = Array.from({ length: foldCount }, (_, fold) => {
    const own = same.filter((_, i) => folds[i] === fold)
    return own.length === 0 ? null : own.filter((distance) => distance < threshold).length / own.length
  }).filter((each) => each !== null)
  return {
    cosine: cosineOf(threshold),
    val: rounded(val),
    standardError: rounded(standardDeviation(vals) / Math.sqrt(Math.max(1, vals.length))),
    fars: valAtFar({ same, different }, targetFars).map((each) => ({
      targetFar: each.targetFar,
      cosine: cosineOf(each.threshold),
      val: rounded(each.val),
    })),
    sameMedian: cosineOf(median(same)),
    pairs: { same: same.length, different: different.length },
  }
}

/** Compares verification in the old space, in the new one, and of new faces with carried old ones. Needs people with two photos. */
export const compareSpaces = (faces: readonly ComparedFace[]): SpacesCompared => ({
  oldOld: scoresOf(faces, oldOf, oldOf),
  newNew: scoresOf(faces, freshOf, freshOf),
  newOld: scoresOf(faces, freshOf, ({ carried }) => carried),
})

const oldOf: Of = ({ old }) => old
const freshOf: Of = ({ fresh }) => fresh
