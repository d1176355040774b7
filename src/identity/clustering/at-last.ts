import type { Compare, Known } from '../people/evidence.ts'
import { agreementOf } from '../people/exemplars.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { isSeldom } from './coming-again.ts'
import type { MergeRules } from './merge-rules.ts'

/**
 * The least mean cosine of all looks of one person with those of another, and how far ahead of all others each must be for the
 * other, before the two are one when a recording is over: docs/decisions/0074-a-last-look-at-everybody.md.
 */
const [leastLink, leastLead] = [0.4, 0.15]

/** The people, nearest by their means, among whom the nearest by all looks is looked for. */
const mostCompared = 16

/** So much evidence that a score is the model's cosine itself. */
const certain = 1e9

/** What `createAtLast` reads. */
export interface AtLastParts {
  readonly people: Pick<People, 'nearest'>
  readonly compare: Compare
  readonly rules: Pick<MergeRules, 'mayBeOne' | 'isNotApart' | 'originalOf'>
}

/**
 * Makes the rule that says who somebody without a name is when nobody comes again: by average linkage, where both are far ahead, else
 * by `originalOf`. Average linkage errs while people are still to come, for somebody else is nearest to whoever has no second look
 * yet: docs/decisions/0028-average-linkage-stays-offline.md.
 */
export const createAtLast = ({ people, compare, rules }: AtLastParts) => {
  const sure = ({ mean }: Known): Known => ({ mean, evidence: certain })
  /** Each person's is worked out once for the looks that it has: everybody is compared with many. */
  const shares = new WeakMap<Known, number>()
  const shareOf = ({ known, exemplars, contributions }: PersonRecord): number => {
    if (!known) return 0
    const share = shares.get(known) ?? agreementOf([...exemplars, ...contributions.values()])
    shares.set(known, share)
    return share
  }
  /** The person nearest by the mean of all looks, and how far it is ahead of the next one who cannot be the same. */
  const nearestTo = (person: PersonRecord) => {
    const { known } = person
    if (!known) return null
    const share = shareOf(person)
    const [best, ...others] = people
      .nearest(known, mostCompared, (other) => other !== person)
      .map((match) => {
        const link = match.person.known ? compare(sure(known), sure(match.person.known)).score : -1
        return { ...match, link: link * share * shareOf(match.person) }
      })
      .sort((a, b) => b.link - a.link || a.person.order - b.person.order)
    if (!best) return null
    const rival = others.find((other) => !rules.mayBeOne(best.person, other.person))
    return { best, lead: best.link - (rival?.link ?? -1) }
  }
  const byAllLooks = (person: PersonRecord): ReturnType<MergeRules['originalOf']> => {
    const there = nearestTo(person)
    if (!there || there.best.link < leastLink || there.lead < leastLead) return null
    const { person: other, similarity, score } = there.best
    if (other.name !== null || !rules.isNotApart(person, other)) return null
    const back = nearestTo(other)
    if (back?.best.person !== person || back.lead < leastLead) return null
    return { person: other, why: { similarity, score, threshold: leastLink } }
  }
  return (person: PersonRecord): ReturnType<MergeRules['originalOf']> =>
    byAllLooks(person) ?? (isSeldom(person) ? rules.originalOf(person, new Set()) : null)
}
