import type { SchedulerLike } from 'rxjs'
import type { Metrics } from '../metrics.ts'
import type { Camera } from './camera.ts'
import { addCounts, noStats } from './camera-stats.ts'
import { countDetails, type DetailMetrics } from './detail/count-details.ts'

/** The metrics that cameras have. */
export type CameraMetrics = Pick<
  Metrics,
  | 'framesDecoded'
  | 'framesDamaged'
  | 'unitsReceived'
  | 'losses'
  | 'unitsSkipped'
  | 'decodeLag'
  | 'keyFrameInterval'
  | 'drops'
  | 'reconnects'
  | 'cameraPipelines'
> &
  DetailMetrics

const COUNT_EVERY_MS = 1000

/** Adds the cameras' counts to the metrics every second, and a last time when the returned function is called. */
export const countCameras = (
  cameras: readonly Camera[],
  metrics: CameraMetrics,
  scheduler: SchedulerLike,
): (() => void) => {
  const counted = new Map(cameras.map((camera) => [camera, { ...addCounts(noStats, noStats), reconnects: 0 }]))
  const addDetails = countDetails(cameras, metrics)
  const update = (): void => {
    addDetails()
    for (const [camera, last] of counted) {
      const now = camera.stats
      const label = { camera: camera.name }
      metrics.framesDecoded.inc(label, now.decoded - last.decoded)
      metrics.framesDamaged.inc(label, now.damaged - last.damaged)
      metrics.unitsReceived.inc(label, now.received - last.received)
      metrics.losses.inc(label, now.lost - last.lost)
      for (const reason of ['behind', 'broken', 'disposable', 'policy'] as const)
        metrics.unitsSkipped.inc({ reason, ...label }, now.skipped[reason] - last.skipped[reason])
      metrics.decodeLag.set(label, now.lagMs / 1000)
      if (now.keyEveryMs !== null) metrics.keyFrameInterval.set(label, now.keyEveryMs / 1000)
      metrics.drops.inc({ stage: 'ingest', ...label }, now.dropped - last.dropped)
      metrics.reconnects.inc(label, now.reconnects - last.reconnects)
      metrics.cameraPipelines.set(label, now.pipelines)
      counted.set(camera, now)
    }
  }
  const timer = scheduler.schedule(function (this) {
    update()
    this.schedule(undefined, COUNT_EVERY_MS)
  }, COUNT_EVERY_MS)
  return () => {
    timer.unsubscribe()
    update()
  }
}
