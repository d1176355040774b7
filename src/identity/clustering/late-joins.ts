import type { Decision } from '../../events/types.ts'
import type { IdentityOptions } from '../options.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { TentativeTracklets } from '../tracklets/tentative.ts'
import { knownOf, type Tracklet } from '../tracklets/tracklet.ts'
import { clearly } from './merge-rules.ts'
import type { TrackAssignments } from './track-assignments.ts'

/** How a tracklet gets a person after its track has ended. */
export interface LateJoins {
  /** Assigns the unassigned tracklets that match the person to it. */
  claim(person: PersonRecord): void
  /**
   * Assigns the tracklet to the person it is clearly most like; false when there is none. `create` is enough: the track
   * has ended, so waiting shows no more. A person with a name still needs `join`. Those who may be one with the nearest are
   * no rivals of it: else whoever was split could get no further track.
   */
  joinClearest(tracklet: Tracklet): boolean
}

/** What late joins read and change; all are shared with the rest of the engine. */
export interface LateJoinParts {
  readonly people: People
  readonly assignments: TrackAssignments
  readonly tentative: TentativeTracklets
  readonly options: IdentityOptions
}

/** The people among whom the nearest one that cannot be the best match is looked for: a person is in few parts. */
const mostCompared = 8

/** Needs a template of `joinWeight`: see `LateJoins` for the thresholds. */
export const createLateJoins = ({ people, assignments, tentative, options }: LateJoinParts): LateJoins => {
  const join = (
    tracklet: Tracklet,
    person: PersonRecord,
    why: Pick<Decision, 'candidate' | 'runnerUp' | 'threshold'>,
  ): void => {
    tracklet.decision = { person: person.id, ...why, reason: 'joined' }
    assignments.join(tracklet, person)
  }
  return {
    claim(person) {
      const isApart = (one: Tracklet): boolean => assignments.cannotLink(one).has(person)
      for (const tracklet of tentative.claimable(person, isApart)) {
        const comparison = tracklet.template && people.compare(knownOf(tracklet.template), person)
        const candidate = comparison && { person: person.id, ...comparison }
        join(tracklet, person, { candidate, runnerUp: null, threshold: options.join })
      }
    },
    joinClearest(tracklet) {
      const { template } = tracklet
      if (!template || template.weight < options.joinWeight) return false
      const cannotLink = assignments.cannotLink(tracklet)
      const [best, ...others] = people.nearest(knownOf(template), mostCompared, (person) => !cannotLink.has(person))
      if (!best) return false
      const next = others.find(({ person }) => !assignments.mayBeOne(best.person, person))
      const threshold = best.person.name === null ? options.create : options.join
      if (best.score < threshold) return false
      if (best.score - (next?.score ?? -1) < clearly * options.margin) return false
      join(tracklet, best.person, {
        candidate: candidateOf(best),
        runnerUp: next ? candidateOf(next) : null,
        threshold,
      })
      return true
    },
  }
}
