import type { CameraId, MediaMs, TrackId } from '../types.ts'
import type { LateJoins } from './late-joins.ts'
import { type Evicted, type TrackletLimits, trackletLimits } from './limits.ts'
import type { IdentityOptions } from './options.ts'
import type { PersonRecord } from './person-record.ts'
import type { Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** Moves tracklets on when their tracks or their time are over, or when there are too many. */
export interface Expiry {
  /** Ends the camera's tracks of which `isOver` is true, and those beyond the limit. */
  end(camera: CameraId, isOver: (track: TrackId) => boolean): void
  /**
   * Moves on the camera's tracklets whose tracks ended too long before `nowMs`, the camera's time, or after it: that time
   * has jumped back. Who has waited for a person in vain gets whoever it is clearly most like, or is forgotten; what is
   * somebody's settles. Returns whose tracklets settled.
   */
  expire(camera: CameraId, nowMs: MediaMs): PersonRecord[]
}

export interface ExpiryParts {
  readonly tracklets: Tracklets
  readonly lateJoins: LateJoins
  readonly options: Pick<IdentityOptions, 'tentativeMs' | 'windowMs'>
  readonly limits?: TrackletLimits
  /** Counts tracklets that were moved on before their time. */
  readonly onEvict?: ((from: Evicted) => void) | undefined
}

export const createExpiry = ({ tracklets, lateJoins, options, onEvict, ...parts }: ExpiryParts): Expiry => {
  const limits = parts.limits ?? trackletLimits
  const endOne = (tracklet: Tracklet): void => {
    // What has shown nothing can never be anybody's.
    if (tracklet.person || tracklet.template) tracklets.end(tracklet)
    else tracklets.forget(tracklet)
  }
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
      tracklets.forget(oldest)
      onEvict?.('unassigned')
    }
  }
  return {
    end(camera, isOver) {
      for (const [track, tracklet] of tracklets.visible(camera)) if (isOver(track)) endOne(tracklet)
      endUnseen(camera)
      forgetOldest()
    },
    expire(camera, nowMs) {
      const isOver = (one: Tracklet, keptMs: number): boolean =>
        one.camera === camera && Math.abs(nowMs - one.lastMs) > keptMs
      for (const one of tracklets.unassigned())
        if (isOver(one, options.tentativeMs) && !lateJoins.joinClearest(one)) tracklets.forget(one)
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
