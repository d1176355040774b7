import { type RollcallEvent, topicOf } from '../events/types.ts'
import type { Metrics } from '../metrics.ts'
import type { Identified } from '../operators/identify.ts'
import type { CameraChange, Log } from '../types.ts'
import type { RecentFrames } from './recent-frames.ts'
import type { SiteStatus } from './status.ts'
import type { VisionPool } from './vision-pool.ts'

/** Who is told what was identified. */
export interface ReportParts {
  readonly status: SiteStatus
  readonly frames: RecentFrames
  readonly metrics: Pick<Metrics, 'events' | 'people' | 'objectorFaces' | 'unknownFaces' | 'setCameraState'>
  /** How many people are known. */
  readonly people: () => number
  /** Compares with the truth, in the demo. */
  readonly scorer: { saw(events: readonly RollcallEvent[]): void } | undefined
  readonly log: Log
}

/** Updates status, metrics and log from what was identified, before its events leave. */
export const reportTo =
  ({ status, frames, metrics, people, scorer, log }: ReportParts) =>
  ({ seen, events }: Identified): void => {
    if (seen?.type === 'faces') status.saw(seen.faces)
    if (seen?.type === 'change') {
      if (status.change(seen.change)) metrics.setCameraState(seen.change.camera, seen.change.state)
      logChange(log, seen.change)
    }
    scorer?.saw(events)
    for (const event of events) {
      metrics.events.inc({ topic: topicOf(event) })
      if (event.type !== 'rollcall.frame.v1') continue
      frames.add(event.data)
      metrics.objectorFaces.inc(event.data.blur?.length ?? 0)
      metrics.unknownFaces.inc(event.data.unknown ?? 0)
    }
    metrics.people.set(people())
  }

const logChange = (log: Log, { camera, state, reason, code, retryInMs }: CameraChange): void => {
  const fields = { camera, reason, ...(code && { code }), ...(retryInMs !== undefined && { retryInMs }) }
  const isWished = code === 'CAMERA_PAUSED' || code === 'CAMERA_REMOVED'
  if (isWished) log.info(fields, code === 'CAMERA_PAUSED' ? 'camera paused' : 'camera removed')
  else if (state === 'offline' || state === 'frozen' || state === 'overloaded' || code)
    log.warn(fields, `camera ${state}`)
  else log.info(fields, `camera ${state}`)
}

/**
 * Gives a worker credit for one more frame of a camera once every sink has the events of the last. Also measures the time
 * from capture until then, but not for files, whose clock cannot be compared with ours.
 */
export const acknowledgeTo =
  (pool: Pick<VisionPool, 'workerOf'>, metrics: Pick<Metrics, 'captureToEvent'>, nowMs: () => number) =>
  ({ seen }: Identified): void => {
    if (seen?.type !== 'faces') return
    const { camera, capturedAtMs, clock } = seen.faces
    const worker = pool.workerOf(camera)
    // It was removed meanwhile.
    if (worker === undefined) return
    worker.send({ type: 'ack', camera })
    if (clock !== 'file') metrics.captureToEvent.observe({ camera }, (nowMs() - capturedAtMs) / 1000)
  }
