import type { CameraId, MediaMs, PersonEvent, PersonId, TrackEvent, WallMs } from '../types.ts'
import type { LiveChange, LiveRow } from './live-rows.ts'
import type { Origins } from './origins.ts'

/** A direction with evidence: one track's contribution, or several alike ones put together. Biometric data. */
export interface Exemplar {
  /** Unit length times `weight`, or shorter when its parts disagree. */
  readonly sum: Float32Array
  readonly weight: number
}

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
  /** Of IDs that were merged into this one and can be given back. Biometric data. */
  readonly origins: Origins
}

/** A pair of people that are not the same: seen together in so many frames, or said so by somebody (`Infinity`). */
export type Apart = readonly [a: PersonId, b: PersonId, frames: number]

/** All that the identity engine needs to go on where it was. */
export interface SavedState {
  /** Of the last event about people or tracks. */
  readonly sequence: number
  /** People created so far, those that are gone included. */
  readonly created: number
  readonly people: readonly SavedPerson[]
  /** IDs of merged people and who they are now. */
  readonly aliases: readonly (readonly [from: PersonId, into: PersonId])[]
  readonly apart: readonly Apart[]
  /** IDs that may not be given again: of deleted people. */
  readonly retired: readonly PersonId[]
  /** The last time by our clock that was believed; null when there is none. */
  readonly clockMs: WallMs | null
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
  readonly clockMs: WallMs | null
  /** Events about people and tracks, for the log. */
  readonly events: readonly (PersonEvent | TrackEvent)[]
  /** Null: nothing of it has changed. */
  readonly live: LiveChange | null
}
