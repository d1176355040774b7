import type { IdentityOptions } from '../options.ts'
import type { Compare } from '../people/evidence.ts'
import { divide, evidenceOfLooks, knownBy, nearestLooks } from '../people/exemplars.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { knownOf } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import { type SeldomLook, seldomOf } from './coming-again.ts'
import type { TrackAssignments } from './track-assignments.ts'

/** The least evidence of each side of a split, in tracks of full evidence with different, clear looks: two good ones. */
const leastSideEvidence = 1.8

/**
 * The same for somebody known from `longKnown` tracks or more. By then a wrong merge has been found, or the two have so many
 * looks; whoever has been one for so long is not two for a few odd looks: docs/decisions/0013-split-needs-two-people.md.
 */
const [longKnown, leastOfLongKnown] = [40, 3.5]

/**
 * The score of the two sides' most similar looks from which on they are one person. It was .62 or more in one person, who
 * has looks in between, also at night; in two look-alikes .50 to .67: docs/decisions/0023-poor-looks-found-nobody.md.
 */
const onePersonScore = 0.6

/** What reclustering reads and changes; all are shared with the rest of the engine. */
export interface ReclusterParts {
  readonly people: People
  readonly assignments: TrackAssignments
  readonly compare: Compare
  readonly options: IdentityOptions
  readonly tracklets: Tracklets
}

/**
 * Corrects the people who have changed, every `identity.reclusterMs`: whole tracks say more than the single faces that
 * were decided on. It moves ended tracklets that fit another person better, splits a person whose parts differ, and
 * merges people who have become alike.
 */
export const createRecluster = ({ people, tracklets, assignments, compare, options }: ReclusterParts) => {
  const touched = new Set<PersonRecord>()
  /** False when the person was merged or deleted after it was touched. */
  const exists = (person: PersonRecord): boolean => people.find(person.id) === person

  const moveMisfits = (person: PersonRecord): void => {
    for (const tracklet of tracklets.ended()) {
      if (tracklet.person !== person || !tracklet.template) continue
      const own = assignments.own(tracklet)
      if (own === null || own.score >= options.leave) continue
      const cannotLink = assignments.cannotLink(tracklet)
      const isAllowed = (other: PersonRecord): boolean => other !== person && !cannotLink.has(other)
      const [best] = people.nearest(knownOf(tracklet.template), 1, isAllowed)
      if (!best || best.score < options.join) continue
      const why = { candidate: candidateOf(best), runnerUp: null, threshold: options.join, reason: 'moved' } as const
      tracklet.decision = { person: best.person.id, ...why }
      assignments.join(tracklet, best.person)
    }
  }
  const splitUnlike = (person: PersonRecord, nowMs: number): void => {
    // Somebody has said that these looks are one person's: what they look like says less.
    if (person.origins.some(({ by }) => by === 'user')) return
    const groups = divide([...person.exemplars, ...person.contributions.values()])
    const least = person.tracks < longKnown ? leastSideEvidence : leastOfLongKnown
    if (!groups || Math.min(...groups.map(evidenceOfLooks)) < least) return
    const [first, second] = groups.map(knownBy)
    const comparison = first && second ? compare(first, second) : null
    const threshold = options.split
    if (!comparison || comparison.score >= threshold) return
    if (nearestLooks(...groups, compare) >= onePersonScore) return
    assignments.split(person, nowMs, { ...comparison, threshold })
  }

  return {
    /** Marks a person for the next run. */
    touch: (person: PersonRecord): void => void touched.add(person),
    /** Looks once more at everybody without a name who was seen, when nobody comes again, then at those who were merged. */
    last(): void {
      let asked = new Set(people.all())
      while (asked.size > 0) {
        const merged = new Set<PersonRecord>()
        for (const person of asked) {
          if (!exists(person) || person.name !== null || person.tracks === 0) continue
          const before = people.count()
          assignments.mergeAtLast(person)
          const now = people.find(person.id)
          if (now && people.count() < before) merged.add(now)
        }
        asked = merged
      }
    },
    /** The people that are marked. */
    touched: (): readonly PersonRecord[] => [...touched].filter(exists),
    /** Unmarks a person who is about to be deleted. */
    forget: (person: PersonRecord): void => void touched.delete(person),
    /**
     * Corrects the marked people, oldest first, and unmarks them, then looks at those who have hardly come again. No two of
     * `present`, the people of this frame, are merged.
     */
    run(nowMs: number, present: Set<PersonRecord>, look?: SeldomLook): void {
      const marked = [...touched].sort((a, b) => a.order - b.order)
      touched.clear()
      for (const person of marked) {
        if (!exists(person)) continue
        moveMisfits(person)
        splitUnlike(person, nowMs)
        assignments.mergeAlike(person, present)
      }
      for (const person of look ? seldomOf(people, look) : [])
        if (exists(person)) assignments.mergeSeldom(person, present)
    },
  }
}

/** Marks people and corrects them later. */
export type Recluster = ReturnType<typeof createRecluster>
