import type { Observable } from 'rxjs'
import { encodeJpeg } from '../../native/index.js'
import type { Config } from '../config/config.ts'
import type { Metrics } from '../metrics.ts'
import type { EmbeddedFrame } from '../operators/analysed.ts'
import type { Seen } from '../operators/identify.ts'
import { stopwatch } from '../operators/stopwatch.ts'
import { vision } from '../pipeline.ts'
import type { Log } from '../types.ts'
import { createFaceCropper } from '../vision/face-crop.ts'
import { type Crops, createCrops } from './crops.ts'
import type { OpenedWork } from './open-work.ts'
import { createPaces } from './paces.ts'
import { send } from './send.ts'
import type { WorkerStart } from './worker.ts'

/** On a GPU a batch costs little more than one frame. */
const GPU_BATCH = 16

/** The vision pipeline of the cameras, counted. Nothing is analysed before somebody subscribes. */
export const analyse = ({ config }: WorkerStart, opened: OpenedWork): Observable<Seen> => {
  const { cameras, models, window, metrics, pictures, traces, log } = opened
  const crops = cropsFor(config, metrics, log)
  const paces = createPaces({
    pace: (camera, pace, isStirred) => {
      const { regions } = opened.followings.of(camera)
      const found = cameras.find(camera)
      regions?.limit(found?.fpsOf(pace) ?? null)
      found?.setPace(pace, regions === null ? 'none' : isStirred || pace === 'steady' ? 'all' : 'late')
    },
    isWatched: (camera) => pictures.isWatched(camera),
    isAsleep: (camera) => {
      const { asleep = false, givesWay = false } = cameras.find(camera)?.stats ?? {}
      return asleep && !givesWay
    },
    isStirred: (camera) => opened.followings.of(camera).regions?.isStirred === true,
    tracker: (camera) => opened.followings.of(camera).tracker,
  })
  const onGpu = models.detector.provider !== 'cpu'
  const { max } = config.batch
  return vision({
    cameras,
    models,
    window,
    followings: opened.followings.of,
    maxBatch: max === 'auto' ? (onGpu ? GPU_BATCH : 1) : max,
    timed: stopwatch(metrics.stageDuration),
    traces,
    onAnalysed: (batch) => {
      countBatch(metrics, batch)
      crops?.offer(batch)
      for (const { frame } of batch) {
        pictures.offer(frame)
        paces.note(frame)
      }
    },
    onFailure: (frames, error) => {
      for (const { camera } of frames) metrics.drops.inc({ stage: 'detect', camera })
      log.error({ cameras: frames.map((frame) => frame.camera), error: String(error) }, 'a batch failed and is skipped')
    },
  })
}

/** Null with `identity.crops: off`. */
const cropsFor = ({ identity }: Config, metrics: Metrics, log: Log): Crops | null => {
  if (identity.crops === 'off') return null
  return createCrops({
    cropper: createFaceCropper(),
    encode: encodeJpeg,
    minQuality: identity.minQuality,
    send: (crop) => {
      metrics.crops.inc({ camera: crop.camera })
      void send({ type: 'crop', crop })
    },
    onFailure: (camera, error) => log.warn({ camera, error: String(error) }, 'no picture of a face'),
  })
}

const countBatch = (metrics: Metrics, batch: readonly EmbeddedFrame[]): void => {
  metrics.batchFrames.observe(batch.length)
  for (const { frame, faces } of batch) {
    metrics.framesAnalysed.inc({ camera: frame.camera })
    metrics.faces.inc({ camera: frame.camera }, faces.length)
    metrics.embeddings.inc(faces.filter((face) => face.embedding).length)
  }
}
