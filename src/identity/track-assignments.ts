import type { Cause, Compared, Comparison, PersonId } from '../types.ts'
import type { CoOccurrence } from './co-occurrence.ts'
import type { Compare } from './evidence.ts'
import type { IdentityOptions } from './options.ts'
import type { People } from './people.ts'
import type { FirstSeen } from './person-events.ts'
import { contributionOf, type PersonRecord } from './person-record.ts'
import { createSplitting, type Splitting } from './splitting.ts'
import { knownOf, type Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** `why` is null when somebody said so, `first` for a person that was split off. */
export type AssignmentChange =
  | { readonly type: 'created'; readonly person: PersonRecord; readonly first: FirstSeen | null }
  | { readonly type: 'assigned'; readonly tracklet: Tracklet; readonly before: PersonId | null }
  | {
      readonly type: 'merged'
      readonly from: PersonRecord
      readonly into: PersonRecord
      readonly by: Cause
      readonly why: Compared | null
    }
  | {
      readonly type: 'unmerged'
      readonly person: PersonRecord
      readonly from: PersonRecord
      readonly by: Cause
      readonly why: Compared | null
    }
  | {
      readonly type: 'split'
      readonly person: PersonRecord
      readonly off: PersonRecord
      readonly why: Compared | null
    }

export interface TrackAssignments extends Splitting {
  /** People that the track's cannotLink are or have been: it cannot be one of them. */
  cannotLink(tracklet: Tracklet): Set<PersonRecord>
  /** Gives it to the person, and takes it from the one it had. */
  join(tracklet: Tracklet, person: PersonRecord): void
  /** Takes it from its person. It is in the frame at hand, taken at `atMs`, which is not the person's any more. */
  leave(tracklet: Tracklet, atMs: number): void
  /** Gives its person what the track has shown so far. */
  contribute(tracklet: Tracklet): void
  /** Compared with what others have added to its person; null when they have added nothing. */
  own(tracklet: Tracklet): Comparison | null
  /**
   * Merges the person with whoever it turned out to be. Two people have to be more alike than a track and a person, the
   * more the more tracks both have; who is known from one track only is still asked as a track: its person may have
   * shown other looks since. Never with somebody it has been seen with, never two that are `present` in one frame,
   * never two with different names.
   */
  mergeAlike(person: PersonRecord, present: Set<PersonRecord>): void
  /** The named one stays, else the older. */
  merge(a: PersonRecord, b: PersonRecord, why: Compared | null): { from: PersonRecord; into: PersonRecord }
  /** The score from which on the engine merges the two. */
  mergeThreshold(a: PersonRecord, b: PersonRecord): number
  /** What has happened since the last call, in order. */
  takeChanges(): AssignmentChange[]
  note(change: AssignmentChange): void
}

/** Tracks from which on a person's mean is steady enough for the strictest threshold. */
const wellKnown = 4

/** Who has shown all there is to see must lead by this many times the margin to be the one that is most similar. */
export const clearly = 2

/**
 * Evidence from which on a track that is not like anybody is somebody new, as five good faces have it. Photos of one
 * person that were not like the others had .82 at most, look-alikes of the simulator .86 and more.
 */
const wellShown = 0.85

/** Tracks or, of who was enrolled, photos that a person is known from. */
const sourcesOf = ({ tracks, exemplars }: PersonRecord): number => tracks || Math.max(1, exemplars.length)

/** Which tracklets are whose. */
export const createTrackAssignments = (
  people: People,
  coOccurrence: CoOccurrence,
  tracklets: Tracklets,
  compare: Compare,
  options: IdentityOptions,
): TrackAssignments => {
  let changes: AssignmentChange[] = []
  const note = (change: AssignmentChange): void => void changes.push(change)

  const cannotLink = (tracklet: Tracklet): Set<PersonRecord> => {
    const found = new Set<PersonRecord>()
    const add = (id: PersonId, frames: number): void => {
      const person = frames >= options.cannotLinkFrames ? people.find(id) : null
      if (person) found.add(person)
    }
    for (const [other, frames] of tracklet.coOccurrences) if (other.person) add(other.person.id, frames)
    for (const [id, frames] of tracklet.coOccurringPeople) add(id, frames)
    return found
  }
  const leave = (tracklet: Tracklet, atMs: number): void => {
    const { person } = tracklet
    if (!person) return
    tracklets.release(tracklet)
    tracklet.before = person.id
    tracklet.uncounted = { seq: tracklet.lastSeq, fromMs: atMs, frames: 1 }
  }
  const join = (tracklet: Tracklet, person: PersonRecord): void => {
    const was = tracklet.person?.id ?? tracklet.before
    tracklets.assign(tracklet, person)
    for (const [other, frames] of tracklet.coOccurrences)
      if (other.person) coOccurrence.add(person.id, people.resolve(other.person.id), frames)
    tracklet.before = null
    const stays = was !== null && people.resolve(was) === person.id
    if (!stays) changes.push({ type: 'assigned', tracklet, before: was })
  }
  const older = (a: PersonRecord, b: PersonRecord) => {
    const aStays = a.name !== null || b.name !== null ? a.name !== null : a.order < b.order
    return aStays ? { into: a, from: b } : { into: b, from: a }
  }
  const mergeInto = (from: PersonRecord, into: PersonRecord, by: Cause, why: Compared | null = null): void => {
    const seenWith = Array.from(coOccurrence.with(from.id)).filter(([other]) => other !== into.id)
    people.merge(
      from,
      into,
      by,
      seenWith.map(([other, frames]) => [other, frames, coOccurrence.frames(into.id, other)]),
    )
    coOccurrence.merge(from.id, into.id)
    tracklets.follow(from, into)
    note({ type: 'merged', from, into, by, why })
  }
  const merge = (a: PersonRecord, b: PersonRecord, why: Compared | null) => {
    const two = older(a, b)
    mergeInto(two.from, two.into, why ? 'engine' : 'user', why)
    return two
  }
  const splitting = createSplitting({ people, coOccurrence, tracklets, note, mergeInto, older })

  /**
   * Why one of them, who is known from a single track, would join the other if it came now; null when it would not. When
   * the track is long over and showed little, it is asked as one that waited in vain: clearly most like the other is
   * enough.
   */
  const whyTrackOf = (
    a: PersonRecord,
    b: PersonRecord,
    mayBe: (a: PersonRecord, b: PersonRecord) => boolean,
  ): Compared | null => {
    const [one, other] = sourcesOf(a) === 1 ? [a, b] : [b, a]
    if (!one.known) return null
    const [best, runnerUp] = people.nearest(one.known, 2, (candidate) => mayBe(one, candidate))
    if (best?.person !== other) return null
    const { similarity, score } = best
    const lead = score - (runnerUp?.score ?? -1)
    const isVague = one.contributions.size === 0 && one.known.evidence < wellShown
    const isNamed = one.name !== null || other.name !== null
    if (isVague && !isNamed && score >= options.create && lead >= clearly * options.margin)
      return { similarity, score, threshold: options.create }
    return score >= options.join && lead >= options.margin ? { similarity, score, threshold: options.join } : null
  }
  const mergeThreshold = (a: PersonRecord, b: PersonRecord): number => {
    const { join: few, merge: many } = options
    const sources = Math.min(sourcesOf(a), sourcesOf(b))
    return sources === 1 ? many : few + (many - few) * Math.min(1, (sources - 1) / (wellKnown - 1))
  }

  return {
    ...splitting,
    cannotLink,
    join,
    leave,
    contribute(tracklet) {
      const { person, template } = tracklet
      if (person && template) people.contribute(person, tracklet, contributionOf(template))
    },
    own(tracklet) {
      const { person, template } = tracklet
      const rest = person && people.without(person, tracklet)
      return rest && template ? compare(knownOf(template), rest) : null
    },
    mergeAlike(person, present) {
      const mayBe = (one: PersonRecord, other: PersonRecord): boolean =>
        one !== other &&
        coOccurrence.frames(one.id, other.id) < options.cannotLinkFrames &&
        (one.name === null || other.name === null || one.name === other.name) &&
        !(present.has(one) && present.has(other))
      const [match] = people.nearestTo(person, 1, (other) => mayBe(person, other))
      if (!match) return
      const isTrack = Math.min(sourcesOf(person), sourcesOf(match.person)) === 1
      const threshold = mergeThreshold(person, match.person)
      const { similarity, score } = match
      const asTrack = (): Compared | null => (isTrack ? whyTrackOf(person, match.person, mayBe) : null)
      const why = score >= threshold ? { similarity, score, threshold } : asTrack()
      if (!why) return
      const { from, into } = merge(person, match.person, why)
      if (present.delete(from)) present.add(into)
    },
    mergeThreshold,
    merge,
    takeChanges() {
      const taken = changes
      changes = []
      return taken
    },
    note,
  }
}
