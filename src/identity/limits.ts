/** Why a tracklet was moved on before its time: there were too many in this state. */
export type Evicted = 'visible' | 'unassigned' | 'ended'

/**
 * How many tracklets are kept at most, whatever crowd passes or whatever a vision process says. One costs about 8 KB
 * with an embedder of 512 numbers.
 */
export interface TrackletLimits {
  /** Of a camera, whose tracks are still seen. The one not seen for longest is taken to be over. */
  readonly visible: number
  /** Of the site, nobody's. The one that ended first is forgotten. */
  readonly unassigned: number
  /** Of the site, somebody's. The one that ended first settles. */
  readonly ended: number
}

export const trackletLimits: TrackletLimits = { visible: 500, unassigned: 500, ended: 4000 }
