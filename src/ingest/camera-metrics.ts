import type { SchedulerLike } from 'rxjs'
import type { Metrics } from '../metrics.ts'
import type { CameraId } from '../types.ts'
import type { Camera } from './camera.ts'
import { type CameraStats, noStats } from './camera-stats.ts'
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
  | 'cameraCodec'
  | 'cameraHardware'
  | 'decoderFallbacks'
  | 'cameraResting'
  | 'cameraSteady'
  | 'cameraAsleep'
> &
  DetailMetrics

const COUNT_EVERY_MS = 1000

/** Counts cameras until it is stopped. */
export interface CountedCameras {
  /** Adds what has been counted since the last time. */
  update(): void
  /** Adds the rest, and counts no more. */
  stop(): void
}

/** Adds the counts of the cameras that there are to the metrics, every second. */
export const countCameras = (
  cameras: () => readonly Camera[],
  metrics: CameraMetrics,
  scheduler: SchedulerLike,
): CountedCameras => {
  const counted = new WeakMap<Camera, CameraStats>()
  const addDetails = countDetails(cameras, metrics)
  const update = (): void => {
    addDetails()
    for (const camera of cameras()) {
      const last = counted.get(camera) ?? {
        ...noStats,
        reconnects: 0,
        pipelines: 0,
        pace: 'awake' as const,
        codec: null,
        hardware: null,
        fallbacks: 0,
      }
      const now = withoutReturns(camera.stats, last)
      addCounted(metrics, camera.name, last, now)
      counted.set(camera, now)
    }
  }
  const timer = scheduler.schedule(function (this) {
    update()
    this.schedule(undefined, COUNT_EVERY_MS)
  }, COUNT_EVERY_MS)
  return {
    update,
    stop: () => {
      timer.unsubscribe()
      update()
    },
  }
}

/** A camera that wakes decodes what nobody had wanted: less was skipped than it had said, and counters only rise. */
const withoutReturns = (now: CameraStats, last: Pick<CameraStats, 'skipped'>): CameraStats => ({
  ...now,
  skipped: { ...now.skipped, policy: Math.max(now.skipped.policy, last.skipped.policy) },
})

const addCounted = (metrics: CameraMetrics, camera: CameraId, last: CameraStats, now: CameraStats): void => {
  const label = { camera }
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
  metrics.cameraResting.set(label, Number(now.pace === 'resting' || now.pace === 'dozing'))
  metrics.cameraSteady.set(label, Number(now.pace === 'steady'))
  metrics.cameraAsleep.set(label, Number(now.asleep))
  metrics.cameraPipelines.set(label, now.pipelines)
  if (last.codec !== now.codec && last.codec !== null) metrics.cameraCodec.remove({ codec: last.codec, ...label })
  metrics.decoderFallbacks.inc(label, now.fallbacks - last.fallbacks)
  if (last.hardware !== now.hardware && last.hardware !== null)
    metrics.cameraHardware.remove({ decoder: last.hardware, ...label })
  if (now.hardware !== null) metrics.cameraHardware.set({ decoder: now.hardware, ...label }, 1)
  if (now.codec !== null) metrics.cameraCodec.set({ codec: now.codec, ...label }, 1)
}
