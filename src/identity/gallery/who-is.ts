import type { Comparison } from '../../events/types.ts'
import { weightOf } from '../../math/template.ts'
import type { PersonId } from '../../types.ts'
import { roundedCandidate, roundedCompared } from '../events/event-values.ts'
import type { IdentityOptions } from '../options.ts'
import { type Compare, evidenceOf } from '../people/evidence.ts'
import { directionOf } from '../people/exemplars.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PastTrack } from '../state/state.ts'

/** How alike a face and a person are, and whether that is enough. */
export interface Likeness {
  readonly person: PersonId
  readonly name: string | null
  readonly similarity: number
  readonly score: number
  readonly probability?: number
  /** `identity.join`. */
  readonly threshold: number
  /** A settled track with these looks would join this person. */
  readonly is: boolean
}

/** How alike a face and a past track are. */
export interface TrackLikeness extends Comparison {
  readonly probability: number
  /** `identity.join`. */
  readonly threshold: number
  /** The score reaches it. */
  readonly is: boolean
}

const mostMatches = 5

/**
 * How alike a face and a track that is over are; null when one who looks like that is no candidate: its score is below `create`.
 */
export const isTrackOf = (
  embedding: Float32Array,
  quality: number,
  { look }: Pick<PastTrack, 'look'>,
  compare: Compare,
  { create, join }: Pick<IdentityOptions, 'create' | 'join'>,
): TrackLikeness | null => {
  const face = { mean: embedding, evidence: evidenceOf(weightOf(quality)) }
  const { similarity, score } = compare(face, { mean: directionOf(look), evidence: look.weight })
  if (score < create) return null
  return { ...roundedCompared({ similarity, score, threshold: join }), is: score >= join }
}

/**
 * The people most like a face, the best first. It is the first if a track of its looks would join: its score reaches `join`, and
 * leads the next by `margin`. Changes nothing.
 */
export const whoIs = (
  embedding: Float32Array,
  quality: number,
  people: Pick<People, 'nearest'>,
  { join, margin }: Pick<IdentityOptions, 'join' | 'margin'>,
): readonly Likeness[] => {
  const found = people.nearest({ mean: embedding, evidence: evidenceOf(weightOf(quality)) }, mostMatches, () => true)
  const lead = (found[0]?.score ?? 0) - (found[1]?.score ?? -1)
  return found.map((match, i) => ({
    ...roundedCandidate(candidateOf(match)),
    name: match.person.name,
    threshold: join,
    is: i === 0 && match.score >= join && lead >= margin,
  }))
}
