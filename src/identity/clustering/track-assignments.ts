import type { Cause, Compared, Comparison } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { FirstSeen } from '../events/person-events.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { Compare } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import { contributionOf, type PersonRecord } from '../people/person-record.ts'
import type { SettledTracks } from '../state/settled-tracks.ts'
import type { SettledTrack } from '../state/state.ts'
import { knownOf, type Tracklet } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import { createAtLast } from './at-last.ts'
import { createMergeRules, type MergeRules } from './merge-rules.ts'
import { createSplitting, type Splitting } from './splitting.ts'

/** `why` is null when somebody said so, `first` for a person that was split off. */
export type AssignmentChange =
  | { readonly type: 'created'; readonly person: PersonRecord; readonly first: FirstSeen | null }
  /** Only poor looks of it have come, but many. */
  | { readonly type: 'provisional'; readonly tracklet: Tracklet }
  | { readonly type: 'assigned'; readonly tracklet: Tracklet; readonly before: PersonId | null }
  /** A settled track is somebody else's, who was split off, or to whom an old ID was given back. */
  | {
      readonly type: 'moved'
      readonly settled: SettledTrack
      readonly before: PersonId
      readonly person: PersonRecord
      /** The ID that it is assigned under now: the person's, or an alias of it. */
      readonly as: PersonId
    }
  | {
      readonly type: 'merged'
      readonly from: PersonRecord
      readonly into: PersonRecord
      readonly by: Cause
      readonly why: Compared | null
      /** `into` was archived, and is no more. */
      readonly isRestored: boolean
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

/** Assigns tracklets to people, and merges and splits people. Notes each change for `takeChanges`. */
export interface TrackAssignments extends Splitting {
  /** The people that the tracklet cannot be: those of tracks seen with it in enough frames. */
  cannotLink(tracklet: Tracklet): Set<PersonRecord>
  /** Assigns the tracklet to the person; its former person loses it. */
  join(tracklet: Tracklet, person: PersonRecord): void
  /** Takes the person from a tracklet of the current frame, captured at `atMs`. That frame no longer counts for the person. */
  leave(tracklet: Tracklet, atMs: number): void
  /** Updates the tracklet's contribution to its person. */
  contribute(tracklet: Tracklet): void
  /** Compares the tracklet with the other contributions to its person; null when there are none. */
  own(tracklet: Tracklet): Comparison | null
  /** Merges the person with another one if `MergeRules` finds one. Keeps `present`, the people of the frame, up to date. */
  mergeAlike(person: PersonRecord, present: Set<PersonRecord>): void
  /** As `mergeAlike`, for somebody who has hardly come again and may be another's second ID: `MergeRules.originalOf`. */
  mergeSeldom(person: PersonRecord, present: Set<PersonRecord>): void
  /** As `mergeAlike`, when nobody comes again: by all looks of both, or as `mergeSeldom` (`createAtLast`). */
  mergeAtLast(person: PersonRecord): void
  /** Merges two people: the named one keeps its ID, else the older. `why` is null when a user asked for it. */
  merge(a: PersonRecord, b: PersonRecord, why: Compared | null): { from: PersonRecord; into: PersonRecord }
  /** As in `MergeRules`. */
  mayBeOne(a: PersonRecord, b: PersonRecord): boolean
  /** The least score with which the engine merges the two. */
  mergeThreshold(a: PersonRecord, b: PersonRecord): number
  /** The changes since the last call, in order. */
  takeChanges(): AssignmentChange[]
  /** Adds a change. */
  note(change: AssignmentChange): void
}

/** Which of the two keeps its ID: the named one, else the older. */
export const older = (a: PersonRecord, b: PersonRecord) => {
  const aStays = a.name !== null || b.name !== null ? a.name !== null : a.order < b.order
  return aStays ? { into: a, from: b } : { into: b, from: a }
}

/** The people with `enough` frames together with the tracklet: through their tracklets, or remembered. */
const peopleSeenWith = (tracklet: Tracklet, people: Pick<People, 'find'>, enough: number): Set<PersonRecord> => {
  const found = new Set<PersonRecord>()
  const add = (id: PersonId, frames: number): void => {
    const person = frames >= enough ? people.find(id) : null
    if (person) found.add(person)
  }
  for (const [other, frames] of tracklet.coOccurrences) if (other.person) add(other.person.id, frames)
  for (const [id, frames] of tracklet.coOccurringPeople) add(id, frames)
  return found
}

/** What assignments read and change. */
export interface TrackAssignmentParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly tracklets: Tracklets
  readonly settled: SettledTracks
  readonly compare: Compare
  readonly options: IdentityOptions
}

/** Starts without changes. The registries are shared with the rest of the engine. */
export const createTrackAssignments = (parts: TrackAssignmentParts): TrackAssignments => {
  const { people, coOccurrence, tracklets, settled, compare, options } = parts
  const changes: AssignmentChange[] = []
  const note = (change: AssignmentChange): void => void changes.push(change)

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
      if (other.person && other.person !== person)
        coOccurrence.add(person.id, other.assignedAs ?? other.person.id, frames)
    tracklet.before = null
    const stays = was !== null && people.resolve(was) === person.id
    if (!stays) changes.push({ type: 'assigned', tracklet, before: was })
  }
  const mergeInto = (from: PersonRecord, into: PersonRecord, by: Cause, why: Compared | null = null): void => {
    const isRestored = into.archived && !from.archived
    people.merge(from, into, by)
    tracklets.follow(from, into)
    note({ type: 'merged', from, into, by, why, isRestored })
  }
  const merge = (a: PersonRecord, b: PersonRecord, why: Compared | null) => {
    const two = older(a, b)
    mergeInto(two.from, two.into, why ? 'engine' : 'user', why)
    return two
  }
  const mergeFound = (
    person: PersonRecord,
    found: ReturnType<MergeRules['alikeTo']>,
    present: Set<PersonRecord>,
  ): void => {
    if (!found) return
    const { from, into } = merge(person, found.person, found.why)
    if (present.delete(from)) present.add(into)
  }
  const rules = createMergeRules(people, coOccurrence, options)
  const atLast = createAtLast({ people, compare, rules })
  const splitting = createSplitting({ people, coOccurrence, tracklets, settled, note, mergeInto, older })

  return {
    ...splitting,
    cannotLink: (tracklet) => peopleSeenWith(tracklet, people, options.cannotLinkFrames),
    join,
    leave,
    contribute(tracklet) {
      const { person, template, bestQuality } = tracklet
      if (person && template) people.contribute(person, tracklet, contributionOf(template, bestQuality))
    },
    own(tracklet) {
      const { person, template } = tracklet
      const rest = person && people.without(person, tracklet)
      return rest && template ? compare(knownOf(template), rest) : null
    },
    mergeAlike: (person, present) => mergeFound(person, rules.alikeTo(person, present), present),
    mergeSeldom: (person, present) => mergeFound(person, rules.originalOf(person, present), present),
    mergeAtLast: (person) => mergeFound(person, atLast(person), new Set()),
    mayBeOne: rules.mayBeOne,
    mergeThreshold: rules.threshold,
    merge,
    takeChanges: () => changes.splice(0),
    note,
  }
}
