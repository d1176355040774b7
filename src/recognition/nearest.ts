import { dot } from '../math/vector.ts'

/** A photo of somebody known, or what a site knows somebody by. */
export interface KnownLook {
  readonly person: string
  /** Null for a look that is no photo. */
  readonly file: string | null
  /** Unit length. */
  readonly embedding: ArrayLike<number>
}

/** Somebody whom a face may show. */
export interface Candidate {
  readonly person: string
  /** Of the person's nearest photo. */
  readonly cosine: number
  /** The person's nearest photo; null for a look that is none. */
  readonly file: string | null
  /** How many of the k nearest photos above the threshold are the person's. */
  readonly votes: number
  /** By how much the cosines of these photos are above the threshold, in all. */
  readonly weight: number
}

/** Whom a face shows. */
export interface Recognised {
  /** Null for nobody in the gallery. */
  readonly person: string | null
  /** Everybody in the gallery, by their nearest photo. */
  readonly candidates: readonly Candidate[]
}

/**
 * Recognition in an open set: the k nearest photos of the gallery vote for their people, those above the threshold only, each by
 * how far above it is; so that many doubtful photos of one do not outvote a clear one of another. Nobody wins where none is above.
 */
export const recogniseFace = (
  embedding: ArrayLike<number>,
  gallery: readonly KnownLook[],
  { k, threshold }: { readonly k: number; readonly threshold: number },
): Recognised => {
  const looks = gallery
    .map((look) => ({ look, cosine: dot(embedding, look.embedding) }))
    .sort((a, b) => b.cosine - a.cosine)
  const people = new Map<string, Candidate>()
  for (const [rank, { look, cosine }] of looks.entries()) {
    const isVote = rank < k && cosine > threshold
    const known = people.get(look.person) ?? { person: look.person, cosine, file: look.file, votes: 0, weight: 0 }
    people.set(look.person, {
      ...known,
      votes: known.votes + (isVote ? 1 : 0),
      weight: known.weight + (isVote ? cosine - threshold : 0),
    })
  }
  const candidates = [...people.values()]
  const best = candidates.reduce<Candidate | null>(
    (most, each) => (each.weight > (most?.weight ?? 0) ? each : most),
    null,
  )
  return { person: best?.person ?? null, candidates }
}
