/** The state of which there were too many, so that the oldest tracklet left it early. */
export type Evicted = 'visible' | 'unassigned' | 'ended'

/**
 * The most tracklets that are kept, whatever crowd passes and whatever a vision process sends. One takes about 8 KB with
 * an embedder of 512 numbers.
 */
export interface TrackletLimits {
  /** Of one camera, with a live track. Beyond it the one not seen for longest ends. */
  readonly visible: number
  /** Of the site, ended without a person. Beyond it the one that ended first is forgotten. */
  readonly unassigned: number
  /** Of the site, ended with a person. Beyond it the one that ended first settles. */
  readonly ended: number
}

/** The limits in use: about 4 MB a camera and 36 MB a site. */
export const trackletLimits: TrackletLimits = { visible: 500, unassigned: 500, ended: 4000 }
