import { Registry } from 'prom-client'
import { interval } from 'rxjs'
import { createLog, tapLog } from '../config/log.ts'
import { openCameras } from '../ingest/cameras.ts'
import { createCreditWindow } from '../ipc/credit-window.ts'
import { createMetrics } from '../metrics.ts'
import type { Following } from '../operators/track-faces.ts'
import { openBatchTraces } from '../telemetry/traces.ts'
import { createCutDetector } from '../tracking/cut.ts'
import { createRegions } from '../tracking/regions.ts'
import { createTracker } from '../tracking/tracker.ts'
import type { CameraId } from '../types.ts'
import { createChanges } from '../vision/changes.ts'
import { loadModels } from '../vision/models.ts'
import { createPictures } from './pictures.ts'
import { send } from './send.ts'
import { createVideos } from './videos.ts'
import type { WorkerStart } from './worker.ts'

/** What a worker works with. */
export type OpenedWork = Awaited<ReturnType<typeof openWork>>

/** Each takes 2 ms of CPU, here and in the identity process. */
const METRICS_EVERY_MS = 5000

/** Sends the metrics of this process as they are now. */
export const reportMetrics = async (registry: Registry): Promise<void> =>
  send({ type: 'metrics', metrics: await registry.getMetricsAsJSON() })

/**
 * Loads the models, opens the cameras, and prepares what is shown of them. `owned` closes it.
 * Rejects with what they throw.
 */
export const openWork = async (start: WorkerStart, owned: AsyncDisposableStack) => {
  const { config, untilEnd, recordingsRead, begun } = start
  const log = tapLog(createLog(config.log, start.name), (level, fields, message) => {
    void send({ type: 'warning', level, fields: { ...fields, process: start.name }, message })
  })
  const registry = new Registry()
  const metrics = createMetrics(registry)
  // Deferred first, so it runs last: the last report has the final counts.
  owned.defer(() => reportMetrics(registry))
  const loading = loadModels(config.models, {
    log,
    onFallback: (model, from, to) => metrics.providerFallbacks.inc({ model, from, to }),
  })
  const models = owned.adopt(await loading, (loaded) => loaded.close())
  const cameras = owned.adopt(
    openCameras(
      start.cameras.map((camera) => ({ name: camera, options: config.cameras[camera] })),
      { pictureSide: config.models.side, untilEnd, recordingsRead, begun, log, metrics },
    ),
    (opened) => opened.close(),
  )
  const reporting = interval(METRICS_EVERY_MS).subscribe(() => void reportMetrics(registry))
  owned.defer(() => reporting.unsubscribe())
  const pictures = createPictures(
    (stamp, jpeg) => void send({ type: 'picture', stamp, jpeg }),
    (camera, error) => log.warn({ camera, error: String(error) }, 'no picture for the viewer'),
    () => performance.now(),
  )
  const videos = createVideos({
    cameras,
    send,
    onDrop: (camera) => metrics.drops.inc({ stage: 'video', camera }),
  })
  const followings = remembering((camera: CameraId): Following => {
    const tracker = createTracker(config.tracker, camera)
    // A camera may be gone while its last frame is analysed.
    const wholeLookMs = models.detector.seesParts ? (cameras.find(camera)?.wholeLookMs ?? null) : null
    return {
      tracker,
      cuts: createCutDetector(),
      regions: wholeLookMs === null ? null : createRegions(tracker, wholeLookMs),
      changes: wholeLookMs === null ? null : createChanges(),
    }
  })
  const window = createCreditWindow(config.batch.window)
  const traced = { site: config.site, process: start.name, log }
  const traces = await openBatchTraces(config.telemetry.traces, traced, owned)
  return { log, registry, metrics, models, cameras, window, pictures, videos, followings, traces }
}

/** Makes one value for each key, when it is first asked for. */
const remembering = <K, V>(make: (key: K) => V) => {
  const made = new Map<K, V>()
  return {
    of: (key: K): V => {
      const value = made.get(key) ?? make(key)
      made.set(key, value)
      return value
    },
    forget: (key: K): void => void made.delete(key),
  }
}
