import { assertLive } from './assert-saved.ts'
import type { Cameras } from './cameras.ts'
import type { People } from './people.ts'
import type { Recluster } from './recluster.ts'
import { type SavedLive, saveTracklet } from './saved-live.ts'
import type { Tracklets } from './tracklets.ts'

/** What of the engine is about now rather than about people. */
export interface LiveParts {
  readonly people: People
  readonly cameras: Cameras
  readonly tracklets: Tracklets
  readonly recluster: Recluster
}

/** Must be written before the engine goes on: cameras are not copied. */
export const saveLive = ({ cameras, tracklets, recluster }: LiveParts): SavedLive => ({
  version: 2,
  cameras: [...cameras.all()],
  tracklets: [...tracklets.all()].map(saveTracklet),
  touched: recluster.touched().map(({ id }) => id),
})

/**
 * The people must be there already; gives them what their tracklets contribute. Throws STATE when something refers to a
 * person or a tracklet that does not exist.
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
