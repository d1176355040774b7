import type { Decision } from '../../events/types.ts'
import type { IdentityOptions } from '../options.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { UnassignedTracks } from '../state/unassigned-tracks.ts'
import type { TentativeTracklets } from '../tracklets/tentative.ts'
import { knownOf, type Tracklet } from '../tracklets/tracklet.ts'
import { clearly } from './merge-rules.ts'
import type { TrackAssignments } from './track-assignments.ts'

/** How a tracklet gets a person after its track has ended. */
export interface LateJoins {
  /** Assigns the unassigned tracklets that match the person to it; of those that wait only who is like nobody else. */
  claim(person: PersonRecord): void
  /**
   * Assigns the tracklet to the person it is clearly most like; false when there is none. `create` is enough: the track
   * has ended, so waiting shows no more. A person with a name still needs `join`. Those who may be one with the nearest are
   * no rivals of it: else whoever was split could get no further track.
   */
  joinClearest(tracklet: Tracklet): boolean
  /**
   * As `joinClearest`, for a tracklet that has waited: by now most people are known whom it may be. For a poor one a lower score is
   * enough with a larger lead.
   */
  joinAtLast(tracklet: Tracklet): boolean
}

/** What late joins read and change; all are shared with the rest of the engine. */
export interface LateJoinParts {
  readonly people: People
  readonly assignments: TrackAssignments
  readonly tentative: TentativeTracklets
  /** What waits is kept there as nobody's. */
  readonly past: Pick<UnassignedTracks, 'claimed'>
  readonly options: IdentityOptions
}

/** The people among whom the nearest one that cannot be the best match is looked for: a person is in few parts. */
const mostCompared = 8

/**
 * The lead of the person whom a waiting tracklet joins. Its face is poor, and poor faces look alike:
 * docs/decisions/0047-a-poor-first-look-waits.md.
 */
const byFar = 0.3

/**
 * So much less than `create` may a poor tracklet that has waited score with the person whom it joins, and so far ahead must the
 * person be: docs/decisions/0066-poor-by-its-embedding.md.
 */
const [lessAtLast, leadAtLast] = [0.15, 0.2]

/** Needs a template of `joinWeight`: see `LateJoins` for the thresholds. */
export const createLateJoins = ({ people, assignments, tentative, past, options }: LateJoinParts): LateJoins => {
  const join = (
    tracklet: Tracklet,
    person: PersonRecord,
    why: Pick<Decision, 'candidate' | 'runnerUp' | 'threshold'>,
  ): void => {
    tracklet.decision = { person: person.id, ...why, reason: 'joined' }
    assignments.join(tracklet, person)
  }
  /** The person whom the tracklet is most like, and the next one that cannot be the same person. */
  const nearest = (tracklet: Tracklet) => {
    if (!tracklet.template) return null
    const cannotLink = assignments.cannotLink(tracklet)
    const known = knownOf(tracklet.template)
    const [best, ...others] = people.nearest(known, mostCompared, (person) => !cannotLink.has(person))
    if (!best) return null
    const next = others.find(({ person }) => !assignments.mayBeOne(best.person, person)) ?? null
    return { best, next, lead: best.score - (next?.score ?? -1) }
  }
  const mayClaim = (person: PersonRecord, tracklet: Tracklet): boolean => {
    const found = nearest(tracklet)
    return found?.best.person === person && found.lead >= byFar
  }
  /** Joins the nearest person with this score, who must be ahead by `least`; a name still needs `join`. False when there is none. */
  const joinNearest = (tracklet: Tracklet, score: number, least: number): boolean => {
    const { template } = tracklet
    if (!template || template.weight < options.joinWeight) return false
    const found = nearest(tracklet)
    if (!found) return false
    const { best, next, lead } = found
    const threshold = best.person.name === null ? score : options.join
    if (best.score < threshold || lead < least) return false
    if (tracklet.waits) past.claimed(tracklet)
    const runnerUp = next ? candidateOf(next) : null
    join(tracklet, best.person, { candidate: candidateOf(best), runnerUp, threshold })
    return true
  }
  const joinClearest = (tracklet: Tracklet): boolean => joinNearest(tracklet, options.create, clearly * options.margin)
  return {
    claim(person) {
      const isApart = (one: Tracklet): boolean => assignments.cannotLink(one).has(person)
      for (const tracklet of tentative.claimable(person, isApart)) {
        if (tracklet.waits && !mayClaim(person, tracklet)) continue
        const comparison = tracklet.template && people.compare(knownOf(tracklet.template), person)
        // With what has joined just now the person may be unlike this one.
        if (!comparison || comparison.score < options.join) continue
        if (tracklet.waits) past.claimed(tracklet)
        const candidate = { person: person.id, ...comparison }
        join(tracklet, person, { candidate, runnerUp: null, threshold: options.join })
      }
    },
    joinClearest,
    joinAtLast: (tracklet) =>
      tentative.caution(tracklet) === 0
        ? joinClearest(tracklet)
        : joinNearest(tracklet, options.create - lessAtLast, leadAtLast),
  }
}
