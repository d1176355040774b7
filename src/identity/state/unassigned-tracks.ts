import type { Tracklet } from '../tracklets/tracklet.ts'
import { pastOf } from '../tracklets/tracklet.ts'
import { nameOf, rounded } from './settled-tracks.ts'
import type { PastTrack, StateChange } from './state.ts'

/** Unassigned tracks that are kept elsewhere, since they were saved. */
export interface UnassignedArchive {
  all(): Iterable<PastTrack>
}

/** For runs and tests that keep none. */
export const noUnassignedArchive: UnassignedArchive = { all: () => [] }

/** Tracks that were over before anybody was told by them. They decide nothing; the search by photo and `what-if` read them. */
export interface UnassignedTracks {
  /** Nobody is the tracklet's person: it is kept when `identity.unassignedDays` says so, and it has shown a face. */
  add(tracklet: Tracklet): void
  /** Somebody is its person after all. */
  claimed(tracklet: Tracklet): void
  /** Forgets those that `isAlike`: of a person who is deleted. */
  remove(isAlike: (track: PastTrack) => boolean): void
  /** What has changed since the last call. */
  takeChanged(): Pick<StateChange, 'unassigned' | 'unassignedGone'>
}

/** `keeps`: whether any are kept. Holds those that are not saved yet. */
export const createUnassignedTracks = (keeps: boolean, archive: UnassignedArchive): UnassignedTracks => {
  let added = new Map<string, PastTrack>()
  let gone = new Map<string, Pick<PastTrack, 'track' | 'seq'>>()
  return {
    add(tracklet) {
      const past = keeps ? pastOf(tracklet) : null
      if (past) added.set(nameOf(past), { ...past, look: rounded(past.look) })
    },
    claimed(tracklet) {
      const past = keeps ? pastOf(tracklet) : null
      if (!past) return
      added.delete(nameOf(past))
      gone.set(nameOf(past), past)
    },
    remove(isAlike) {
      for (const track of archive.all()) if (isAlike(track)) gone.set(nameOf(track), track)
      for (const [name, track] of added) if (isAlike(track)) added.delete(name)
    },
    takeChanged() {
      const unassignedGone = [...gone.values()].map(({ track, seq }) => ({ track, seq }))
      const taken = { unassigned: [...added.values()], unassignedGone }
      added = new Map()
      gone = new Map()
      return taken
    },
  }
}
