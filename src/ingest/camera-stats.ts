import type { PipelineStats } from '../../native/index.js'
import type { Pace } from '../types.ts'

/** What is summed over all connections of a camera; see `PipelineStats`. */
type Counts = Pick<PipelineStats, 'decoded' | 'dropped' | 'received' | 'lost' | 'damaged' | 'skipped'>

/** Counts over all connections of one camera, and how the present one is. */
export interface CameraStats extends Counts, Pick<PipelineStats, 'lagMs' | 'keyEveryMs' | 'asleep' | 'givesWay'> {
  /** Attempts to open the camera again. */
  readonly reconnects: number
  /** Connections that are open, or have not stopped yet: 0 or 1. */
  readonly pipelines: number
  /** `awake` also where the options make no difference. */
  readonly pace: Pace
  /** The hardware decoder that decodes now; null: software. */
  readonly hardware: string | null
  /** How often a hardware decoder was given up. */
  readonly fallbacks: number
  /** The encoding of the present connection, such as `H.264`; null while it is not known, and for raw pictures. */
  readonly codec: string | null
}

/** Of a connection that has done nothing. */
export const noStats: PipelineStats = {
  decoded: 0,
  taken: 0,
  dropped: 0,
  accessUnitsDropped: 0,
  sinceLastFrameMs: null,
  received: 0,
  receivedBytes: 0,
  lost: 0,
  keys: 0,
  keyEveryMs: null,
  sinceLastUnitMs: null,
  lagMs: 0,
  skipped: { behind: 0, broken: 0, disposable: 0, policy: 0 },
  damaged: 0,
  asleep: false,
  givesWay: false,
  ring: { units: 0, bytes: 0, ms: 0 },
}

/** The counts of one connection after those of the ones before it. */
export const addCounts = (a: Counts, b: Counts): Counts => ({
  decoded: a.decoded + b.decoded,
  dropped: a.dropped + b.dropped,
  received: a.received + b.received,
  lost: a.lost + b.lost,
  damaged: a.damaged + b.damaged,
  skipped: {
    behind: a.skipped.behind + b.skipped.behind,
    broken: a.skipped.broken + b.skipped.broken,
    disposable: a.skipped.disposable + b.skipped.disposable,
    policy: a.skipped.policy + b.skipped.policy,
  },
})
