import type { CameraId, MediaMs, TrackId } from '../../types.ts'
import type { LateJoins } from '../clustering/late-joins.ts'
import type { Dropping } from '../objectors/drop-objectors.ts'
import type { DroppedTracks } from '../objectors/dropped-tracks.ts'
import type { IdentityOptions } from '../options.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { UnassignedTracks } from '../state/unassigned-tracks.ts'
import { type Evicted, type TrackletLimits, trackletLimits } from './limits.ts'
import type { Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** Ends, settles and forgets tracklets: when their track ends, when their time is over, and when there are too many. */
export interface Expiry {
  /** Ends the camera's tracks for which `isOver` is true, and the oldest beyond the limit. */
  end(camera: CameraId, isOver: (track: TrackId) => boolean): void
  /**
   * Expires the camera's tracklets that ended too long ago. An assigned one settles. An unassigned one joins the person it
   * is clearly most like, or waits for somebody who is known later, and is that person's or forgotten in the end. `nowMs` is the camera's time;
   * a tracklet that ended after it expires as well, because that time has jumped back. Returns the people whose tracklets
   * settled, once a tracklet.
   */
  expire(camera: CameraId, nowMs: MediaMs): PersonRecord[]
}

/** What expiry reads and changes. `limits` defaults to `trackletLimits`. */
export interface ExpiryParts {
  readonly tracklets: Tracklets
  readonly lateJoins: LateJoins
  /** Keeps what has no person. */
  readonly past: Pick<UnassignedTracks, 'add'>
  /** The live tracks of objectors, which end as others do. */
  readonly droppedTracks: Pick<DroppedTracks, 'end'>
  readonly dropping: Pick<Dropping, 'wasTheirs'>
  readonly options: Pick<IdentityOptions, 'tentativeMs' | 'waitMs' | 'joinWeight' | 'windowMs'>
  readonly limits?: TrackletLimits
  /** Is called for each tracklet that a limit ended, settled or forgot. */
  readonly onEvict?: ((from: Evicted) => void) | undefined
}

/** Has no state of its own: the registry says what has ended and when. */
export const createExpiry = ({
  tracklets,
  lateJoins,
  past,
  droppedTracks,
  dropping,
  options,
  onEvict,
  ...parts
}: ExpiryParts): Expiry => {
  const limits = parts.limits ?? trackletLimits
  const endOne = (tracklet: Tracklet): void => {
    // Without a template it can never be assigned.
    const isKept = tracklet.person || (tracklet.template && !dropping.wasTheirs(tracklet))
    if (isKept) tracklets.end(tracklet)
    else tracklets.forget(tracklet)
  }
  const wait = (tracklet: Tracklet): void => {
    past.add(tracklet)
    tracklet.waits = true
    tracklets.touch(tracklet)
  }
  /** Nobody can be its person: waiting would be of no use. */
  const isTooSlight = ({ template }: Tracklet): boolean => (template?.weight ?? 0) < options.joinWeight
  const endUnseen = (camera: CameraId): void => {
    const visible = tracklets.visible(camera)
    if (visible.size <= limits.visible) return
    const byAge = [...visible.values()].sort((a, b) => a.lastMs - b.lastMs || a.key - b.key)
    for (const tracklet of byAge.slice(0, visible.size - limits.visible)) {
      endOne(tracklet)
      onEvict?.('visible')
    }
  }
  const forgetOldest = (): void => {
    for (const oldest of tracklets.unassigned()) {
      if (tracklets.unassigned().size <= limits.unassigned) return
      // One that waits has had its time.
      if (!oldest.waits) {
        past.add(oldest)
        onEvict?.('unassigned')
      }
      tracklets.forget(oldest)
    }
  }
  return {
    end(camera, isOver) {
      for (const [track, tracklet] of tracklets.visible(camera)) if (isOver(track)) endOne(tracklet)
      droppedTracks.end(camera, isOver)
      endUnseen(camera)
      forgetOldest()
    },
    expire(camera, nowMs) {
      const isOver = (one: Tracklet, keptMs: number): boolean =>
        one.camera === camera && Math.abs(nowMs - one.lastMs) > keptMs
      for (const one of tracklets.unassigned()) {
        if (!one.waits && isOver(one, options.tentativeMs) && !lateJoins.joinClearest(one)) wait(one)
        if (!one.waits || !(isOver(one, options.waitMs) || isTooSlight(one))) continue
        if (options.waitMs === 0 || !lateJoins.joinAtLast(one)) tracklets.forget(one)
      }
      const settled: PersonRecord[] = []
      for (const one of tracklets.ended()) {
        const isEvicted = !isOver(one, options.windowMs)
        if (isEvicted && tracklets.ended().size <= limits.ended) continue
        if (isEvicted) onEvict?.('ended')
        if (one.person) settled.push(one.person)
        tracklets.settle(one)
        tracklets.forget(one)
      }
      return settled
    },
  }
}
