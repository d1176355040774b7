import { weightOf } from '../../math/template.ts'
import type { PersonId } from '../../types.ts'
import { roundedCandidate } from '../events/event-values.ts'
import type { IdentityOptions } from '../options.ts'
import { evidenceOf } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'

/** How alike a face and a person are, and whether that is enough. */
export interface Likeness {
  readonly person: PersonId
  readonly name: string | null
  readonly similarity: number
  readonly score: number
  /** `identity.join`. */
  readonly threshold: number
  /** A settled track with these looks would join this person. */
  readonly is: boolean
}

const mostMatches = 5

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
