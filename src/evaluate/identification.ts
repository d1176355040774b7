/** A probe whose person is known: the cosines of everybody in the gallery with it. */
export interface Probe {
  readonly person: string
  /** The answer that was given; null for nobody. */
  readonly answer: string | null
  /** Everybody in the gallery with the cosine of the nearest photo, the nearest first. */
  readonly candidates: readonly { readonly person: string; readonly cosine: number }[]
}

/** How often known people are missed at a threshold that lets so many strangers through. */
export interface DetPoint {
  readonly targetFpir: number
  /** The share of probes that would be taken for somebody else if their person were not in the gallery; at most the target. */
  readonly fpir: number
  /** The share of probes of known people that are not recognised: another is nearer, or the cosine is not above the threshold. */
  readonly fnir: number
  readonly cosine: number
}

/** How well known people are recognised, and strangers are not. */
export interface IdentificationScores {
  /** Probes whose person is in the gallery, and the others. */
  readonly known: number
  readonly strangers: number
  /** The share of known probes whose person is the nearest, and among the nearest five. Null without known probes. */
  readonly rank1: number | null
  readonly rank5: number | null
  /** At the threshold that was asked for: known probes with the right answer, with a wrong one, with none; strangers with one. */
  readonly right: number
  readonly wrong: number
  readonly missed: number
  readonly strangersTaken: number
  readonly det: readonly DetPoint[]
}

const targets = [0.1, 0.01, 0.001] as const

const detOf = (probes: readonly Probe[], known: readonly Probe[]): DetPoint[] => {
  const others = probes
    .flatMap(({ person, candidates }) => candidates.find((each) => each.person !== person)?.cosine ?? [])
    .sort((a, b) => b - a)
  if (others.length === 0 || known.length === 0) return []
  // So few probes cannot show a lower rate.
  return targets
    .filter((target) => target * others.length >= 1)
    .map((targetFpir) => {
      // 1e-9 is for 0.15 · 20 = 3.0000000000000004.
      const cosine = others[Math.min(Math.floor(targetFpir * others.length + 1e-9), others.length - 1)] ?? 1
      const isFound = ({ person, candidates: [first] }: Probe): boolean =>
        first !== undefined && first.person === person && first.cosine > cosine
      return {
        targetFpir,
        fpir: others.filter((other) => other > cosine).length / others.length,
        fnir: known.filter((probe) => !isFound(probe)).length / known.length,
        cosine,
      }
    })
}

/**
 * Scores open-set identification (ISO/IEC 19795-1: rank, FPIR, FNIR). A probe serves as a stranger too, with its own person left
 * out of the gallery, so that a false positive rate is known also without strangers.
 */
export const scoreIdentification = (probes: readonly Probe[]): IdentificationScores => {
  const rankOf = ({ person, candidates }: Probe): number => candidates.findIndex((each) => each.person === person)
  const known = probes.filter((probe) => rankOf(probe) >= 0)
  const strangers = probes.filter((probe) => rankOf(probe) < 0)
  const share = (most: number): number | null =>
    known.length === 0 ? null : known.filter((probe) => rankOf(probe) < most).length / known.length
  return {
    known: known.length,
    strangers: strangers.length,
    rank1: share(1),
    rank5: share(5),
    right: known.filter(({ answer, person }) => answer === person).length,
    wrong: known.filter(({ answer, person }) => answer !== null && answer !== person).length,
    missed: known.filter(({ answer }) => answer === null).length,
    strangersTaken: strangers.filter(({ answer }) => answer !== null).length,
    det: detOf(probes, known),
  }
}
