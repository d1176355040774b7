import type { Cameras } from '../cameras.ts'
import type { Recluster } from '../clustering/recluster.ts'
import type { People } from '../people/people.ts'
import type { Tracklet } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import { assertLive } from './assert-saved.ts'
import { type SavedLive, saveTracklet } from './saved-live.ts'

/** The parts of the engine that the live state is read from and restored to. */
export interface LiveParts {
  readonly people: People
  readonly cameras: Cameras
  readonly tracklets: Tracklets
  readonly recluster: Recluster
}

/** The live state as plain values. Write it before the next message: cameras are not copied. `isKept`: whether a tracklet is. */
export const saveLive = (
  { cameras, tracklets, recluster }: LiveParts,
  isKept: (tracklet: Tracklet) => boolean,
): SavedLive => ({
  version: 2,
  cameras: [...cameras.all()],
  tracklets: [...tracklets.all()].filter(isKept).map((one) => saveTracklet(one, isKept)),
  touched: recluster.touched().map(({ id }) => id),
})

/**
 * Restores the live state of an earlier run, and with it the contributions of tracklets to people. The people must exist.
 * Throws STATE when it refers to a person or a tracklet that does not exist.
 */
export const restoreLive = ({ people, cameras, tracklets, recluster }: LiveParts, live: SavedLive): void => {
  assertLive(live, people)
  cameras.restore(live.cameras)
  tracklets.restore(live.tracklets)
  for (const id of live.touched) {
    const person = people.find(id)
    if (person) recluster.touch(person)
  }
}
