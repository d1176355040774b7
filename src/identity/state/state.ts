import type {
  CalibrationEvent,
  PersonEvent,
  RuleEvent,
  Sighting,
  SightingEvent,
  TrackEvent,
} from '../../events/types.ts'
import type { CameraId, MediaMs, ObjectorId, PersonId, TrackId, WallMs } from '../../types.ts'
import type { Origins } from '../people/origins.ts'
import type { JournalEntry } from './journal.ts'
import type { LiveChange, LiveRow } from './live-rows.ts'

/** A direction with evidence: one track's contribution, or several alike ones put together. Biometric data. */
export interface Exemplar {
  /** Unit length times `weight`; shorter when its parts disagree or show little of the person. */
  readonly sum: Float32Array
  readonly weight: number
}

/** How a track was watched: with its look enough to replay it. */
export interface Shown {
  /** When its first frame was taken. */
  readonly firstMs: MediaMs
  /** Faces in its look. */
  readonly faces: number
  /** Of the best of them, 0–1. */
  readonly quality: number
}

/** A track that is over for good, as it is kept: no picture. Biometric data. */
export interface PastTrack {
  readonly track: TrackId
  /** Number of its last frame: with `track` it names it for ever. */
  readonly seq: number
  readonly camera: CameraId
  /** When its last frame was taken. */
  readonly lastMs: MediaMs
  readonly look: Exemplar
  /** Null for one that was kept by a version that did not keep this. */
  readonly shown: Shown | null
}

/** A past track of a person; `look` is what it has added to that person. */
export interface SettledTrack extends PastTrack {
  /** The ID that it was assigned to: aliases say who that is now. */
  readonly person: PersonId
}

/** One person as it is on disk. Exemplars are biometric data; times are Unix milliseconds. */
export interface SavedPerson {
  readonly id: PersonId
  /** Place in the order of creation: never reused. */
  readonly order: number
  readonly name: string | null
  readonly archived: boolean
  readonly createdAtMs: number
  readonly lastSeenAtMs: MediaMs
  /** By our clock; null: seen since the clock was last looked at. */
  readonly unseenSinceMs: WallMs | null
  readonly lastCamera: CameraId
  readonly tracks: number
  readonly faces: number
  readonly exemplars: readonly Exemplar[]
  /** How many looks `exemplars` is made of: settled tracks, photos. */
  readonly sources: number
  /** Of IDs that were merged into this one and can be given back. Biometric data. */
  readonly origins: Origins
}

/** A pair of people that are not the same: seen together in so many frames, or said so by somebody (`Infinity`). */
export type Apart = readonly [a: PersonId, b: PersonId, frames: number]

/** Events that are kept until every sink has them; each has a `sequence`. */
export type LoggedEvent = PersonEvent | CalibrationEvent | TrackEvent | SightingEvent | RuleEvent

/** What of a sighting is one track: frames that follow each other. `track` and `seq` name it for ever. */
export interface SightedTrack {
  readonly track: TrackId
  /** Number of its first frame. */
  readonly seq: number
  readonly fromMs: MediaMs
  /** One frame interval after its last frame. */
  readonly untilMs: MediaMs
  readonly frames: number
}

/** One sighting as it is on disk, with the ID that it was assigned under. */
export interface SavedSighting extends Omit<Sighting, 'tracks'> {
  /** `sequence` of the event that first spoke of it: the order in which sightings became known. */
  readonly number: number
  /** The ID that it was assigned to: aliases say who that is now. */
  readonly person: PersonId
  readonly tracks: readonly SightedTrack[]
}

/** Somebody who is never to be recognised, as it is told: when and how they objected. */
export interface Objector {
  /** Says nothing of who it is. */
  readonly id: ObjectorId
  readonly objectedAtMs: WallMs
  /** Whether a person who was known objected, or somebody with photos. */
  readonly how: 'person' | 'photo'
  /** What whoever took the objection down has noted, such as the number of a letter. */
  readonly note: string | null
  /** The hash of the code with which the objector takes it back. */
  readonly code: string
}

/** An objector as it is on disk. Biometric data. */
export interface SavedObjector extends Objector {
  readonly looks: readonly Exemplar[]
}

/** All that the identity engine needs to go on where it was. */
export interface SavedState {
  /** Of the last event about people, tracks or sightings. */
  readonly sequence: number
  /** People created so far, those that are gone included. */
  readonly created: number
  readonly people: readonly SavedPerson[]
  /** IDs of merged people and who they are now. */
  readonly aliases: readonly (readonly [from: PersonId, into: PersonId])[]
  readonly apart: readonly Apart[]
  /** IDs that may not be given again: of deleted people. */
  readonly retired: readonly PersonId[]
  /** Those who are never to be recognised. */
  readonly objectors: readonly SavedObjector[]
  /** The last time by our clock that was believed; null when there is none. */
  readonly clockMs: WallMs | null
  /** Those that are not over. */
  readonly sightings: readonly SavedSighting[]
  /** What is about now: cameras, tracklets. Null when fresh. */
  readonly live: readonly LiveRow[] | null
}

/** What has changed since the last one: apply it in one transaction. Its parts replace those of the same key. */
export interface StateChange {
  readonly sequence: number
  readonly created: number
  readonly people: readonly SavedPerson[]
  /** People who are no more: merged or deleted. */
  readonly gone: readonly PersonId[]
  readonly aliases: readonly (readonly [from: PersonId, into: PersonId])[]
  /** Aliases of deleted people, whose IDs are in `retired`, and those whose merge was taken back. */
  readonly aliasesGone: readonly PersonId[]
  /** `frames` 0: nothing keeps them apart any more (one of them is no more). */
  readonly apart: readonly Apart[]
  readonly retired: readonly PersonId[]
  /** The last time by our clock that was believed; null when there is none. */
  readonly clockMs: WallMs | null
  /** Of each only the tracks that have changed; a track may have been in another one. */
  readonly sightings: readonly SavedSighting[]
  /**
   * Those that went with a deleted person, and their tracks that have changed: when they were saved they may have been
   * another's, and the tracks in other sightings.
   */
  readonly sightingsGone: readonly Pick<SavedSighting, 'number' | 'tracks'>[]
  /** Tracks that have settled, or are somebody else's than when they were saved. */
  readonly settled: readonly SettledTrack[]
  /** Those that went with a deleted person; when they were saved they may have been another's. */
  readonly settledGone: readonly Pick<SettledTrack, 'track' | 'seq'>[]
  /** Tracks that were over before anybody was told by them; none unless `identity.unassignedDays` keeps them. */
  readonly unassigned: readonly PastTrack[]
  /** Those that look like a deleted person. */
  readonly unassignedGone: readonly Pick<PastTrack, 'track' | 'seq'>[]
  /** Unassigned tracks that were last heard of before, by our clock, may be dropped; null: none for their age. */
  readonly unassignedFromMs: WallMs | null
  /** New ones. */
  readonly objectors: readonly SavedObjector[]
  /** Those who have taken it back. */
  readonly objectorsGone: readonly ObjectorId[]
  /** No byte of what goes with this change may be left, nor of what went before: as when somebody is deleted. */
  readonly erases: boolean
  /** Sightings and settled tracks that were last heard of before, by our clock, may be dropped; null: none for their age. */
  readonly sightingsFromMs: WallMs | null
  /** Events about people, tracks and sightings, for the log. */
  readonly events: readonly LoggedEvent[]
  /** What people did. */
  readonly journal: readonly JournalEntry[]
  /** Null: nothing of it has changed. */
  readonly live: LiveChange | null
}
