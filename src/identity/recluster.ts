import type { Compare } from './evidence.ts'
import { divide, evidenceOfLooks, knownBy, nearestLooks } from './exemplars.ts'
import type { IdentityOptions } from './options.ts'
import type { People } from './people.ts'
import { candidateOf } from './people-index.ts'
import type { PersonRecord } from './person-record.ts'
import type { TrackAssignments } from './track-assignments.ts'
import { knownOf } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** What both sides of a split must have at least, in tracks of full evidence and different looks: two good ones each. */
const leastSide = 1.8

/**
 * One person with two looks has looks in between, two people have none: the most similar looks of the two sides measured
 * .73 and more where they were one person's, .50 to .67 where they were two look-alikes'.
 */
const bridge = 0.7

export interface ReclusterParts {
  readonly people: People
  readonly assignments: TrackAssignments
  readonly compare: Compare
  readonly options: IdentityOptions
  readonly tracklets: Tracklets
}

/**
 * The second look, every few seconds, at people that changed: what seemed right face by face may not, now that whole
 * tracks are there. Moves ended tracks that fit another person clearly better, merges people who have become alike, and
 * splits a person whose parts have nothing in common.
 */
export const createRecluster = ({ people, tracklets, assignments, compare, options }: ReclusterParts) => {
  const touched = new Set<PersonRecord>()
  /** Neither merged into another since it was touched, nor deleted. */
  const exists = (person: PersonRecord): boolean => people.find(person.id) === person

  const moveMisfits = (person: PersonRecord): void => {
    for (const tracklet of tracklets.ended()) {
      if (tracklet.person !== person || !tracklet.template) continue
      const own = assignments.own(tracklet)
      if (own === null || own.score >= options.leave) continue
      const never = assignments.cannotLink(tracklet)
      const [best] = people.nearest(knownOf(tracklet.template), 1, (other) => other !== person && !never.has(other))
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
    if (!groups || Math.min(...groups.map(evidenceOfLooks)) < leastSide) return
    const [first, second] = groups.map(knownBy)
    const comparison = first && second ? compare(first, second) : null
    const threshold = options.split
    if (!comparison || comparison.score >= threshold) return
    if (nearestLooks(...groups, compare) >= bridge) return
    assignments.split(person, nowMs, { ...comparison, threshold })
  }

  return {
    touch: (person: PersonRecord): void => void touched.add(person),
    /** Who is to be looked at, for a later run. */
    touched: (): readonly PersonRecord[] => [...touched].filter(exists),
    /** The person is to be deleted. */
    forget: (person: PersonRecord): void => void touched.delete(person),
    /** `present`: who is in the frame at hand, of whom no two may become one. */
    run(nowMs: number, present: Set<PersonRecord>): void {
      const due = [...touched].sort((a, b) => a.order - b.order)
      touched.clear()
      for (const person of due) {
        if (!exists(person)) continue
        moveMisfits(person)
        splitUnlike(person, nowMs)
        assignments.mergeAlike(person, present)
      }
    },
  }
}

export type Recluster = ReturnType<typeof createRecluster>
