import type { Compared } from '../../events/types.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { seldomThreshold } from './coming-again.ts'

/** Says which people the engine merges. Reads people and co-occurrences and changes nothing. */
export interface MergeRules {
  /**
   * The person with whom this one is to be merged; null when there is none. The two must reach `threshold`. A person known
   * from one track may instead be merged where that track would join now: its person may have shown other looks since.
   * Two people with a cannot-link, with different names or both in `present` (the frame's people) are never merged.
   */
  readonly alikeTo: (
    person: PersonRecord,
    present: ReadonlySet<PersonRecord>,
  ) => { readonly person: PersonRecord; readonly why: Compared } | null
  /**
   * The unnamed person whose second ID this one is, who has hardly come again; null when there is none. It must be clearly most
   * like the other, and reach `seldomThreshold`.
   */
  readonly originalOf: (
    person: PersonRecord,
    present: ReadonlySet<PersonRecord>,
  ) => { readonly person: PersonRecord; readonly why: Compared } | null
  /**
   * False when the two are known to differ, by a cannot-link or by their names, or do not look alike at all. Of two who may
   * be one, neither speaks against the other being somebody: a person may have been split between two poor looks.
   */
  readonly mayBeOne: (a: PersonRecord, b: PersonRecord) => boolean
  /** False when the two are known to differ, by a cannot-link or by their names. */
  readonly isNotApart: (a: PersonRecord, b: PersonRecord) => boolean
  /** The least score for merging the two: from `join` for few tracks to `merge` for many. */
  readonly threshold: (a: PersonRecord, b: PersonRecord) => number
}

/** The number of tracks from which on a person's mean is steady enough for the strictest threshold. */
const wellKnown = 4

/** The lead, in margins, that makes a person clearly the most similar one. */
export const clearly = 2

/**
 * The least score of two people who may be one. Of 444 people by press photos, .30 and .35 served as well, .50 less:
 * docs/decisions/0029-no-rivals-who-may-be-one.md.
 */
const mayBeOneScore = 0.4

/**
 * The evidence above which an unmatched track is a new person; five good faces have it. Photos of one person that were
 * unlike the others had .82 at most, look-alikes of the simulator .86 or more.
 */
const wellShown = 0.85

/** The number of tracks that a person is known from; of an enrolled person, the number of photos. */
const sourcesOf = ({ tracks, exemplars }: PersonRecord): number => tracks || Math.max(1, exemplars.length)

/** The people among whom the nearest one that cannot be the best match is looked for: a person is in few parts. */
const mostCompared = 8

/** `options` has the thresholds; all are scores. */
export const createMergeRules = (
  people: Pick<People, 'all' | 'nearest' | 'nearestTo' | 'compare'>,
  coOccurrence: Pick<CoOccurrence, 'frames'>,
  options: IdentityOptions,
): MergeRules => {
  /**
   * Compares a person of one track with another as if the track came now; null when it would not join. An unnamed person
   * of a settled track that showed little joins as an expiring tracklet does: it must be clearly most like the other.
   */
  const joinAsTrack = (a: PersonRecord, b: PersonRecord, present: ReadonlySet<PersonRecord>): Compared | null => {
    const [one, other] = sourcesOf(a) === 1 ? [a, b] : [b, a]
    if (!one.known) return null
    const [best, runnerUp] = people.nearest(one.known, 2, mayMerge(one, present))
    if (best?.person !== other) return null
    const { similarity, score } = best
    const lead = score - (runnerUp?.score ?? -1)
    const isVague = one.contributions.size === 0 && one.known.evidence < wellShown
    const isNamed = one.name !== null || other.name !== null
    if (isVague && !isNamed && score >= options.create && lead >= clearly * options.margin)
      return { similarity, score, threshold: options.create }
    return score >= options.join && lead >= options.margin ? { similarity, score, threshold: options.join } : null
  }
  const threshold = (a: PersonRecord, b: PersonRecord): number => {
    const { join: few, merge: many } = options
    const sources = Math.min(sourcesOf(a), sourcesOf(b))
    return sources === 1 ? many : few + (many - few) * Math.min(1, (sources - 1) / (wellKnown - 1))
  }

  const isNotApart = (one: PersonRecord, other: PersonRecord): boolean =>
    (one.name === null || other.name === null || one.name === other.name) &&
    coOccurrence.frames(one.id, other.id) < options.cannotLinkFrames

  const mayBeOne = (a: PersonRecord, b: PersonRecord): boolean =>
    isNotApart(a, b) && a.known !== null && (people.compare(a.known, b)?.score ?? -1) >= mayBeOneScore
  const mayMerge =
    (one: PersonRecord, present: ReadonlySet<PersonRecord>) =>
    (other: PersonRecord): boolean =>
      one !== other && isNotApart(one, other) && !(present.has(one) && present.has(other))

  return {
    threshold,
    mayBeOne,
    isNotApart,
    alikeTo(person, present) {
      const [match] = people.nearestTo(person, 1, mayMerge(person, present))
      if (!match) return null
      const { person: other, similarity, score } = match
      const least = threshold(person, other)
      if (score >= least) return { person: other, why: { similarity, score, threshold: least } }
      const isTrack = Math.min(sourcesOf(person), sourcesOf(other)) === 1
      const why = isTrack ? joinAsTrack(person, other, present) : null
      return why && { person: other, why }
    },
    originalOf(person, present) {
      if (!person.known) return null
      const [best, ...others] = people.nearest(person.known, mostCompared, mayMerge(person, present))
      if (!best || best.person.name !== null) return null
      const rival = others.find((other) => !mayBeOne(best.person, other.person))
      if (best.score - (rival?.score ?? -1) < clearly * options.margin) return null
      const { similarity, score } = best
      const least = seldomThreshold(people, person, options)
      return score >= least ? { person: best.person, why: { similarity, score, threshold: least } } : null
    },
  }
}
