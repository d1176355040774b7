import {
  BehaviorSubject,
  catchError,
  delayWhen,
  EMPTY,
  filter,
  finalize,
  first,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  Subject,
  takeUntil,
  tap,
} from 'rxjs'
import type { Cameras } from './ingest/cameras.ts'
import type { CreditWindow } from './ipc/credit-window.ts'
import type { EmbeddedFace, EmbeddedFrame, StageTimer } from './operators/analysed.ts'
import { batchMap } from './operators/batch-map.ts'
import { detectFaces } from './operators/detect-faces.ts'
import { embedFaces } from './operators/embed-faces.ts'
import { groupCommit } from './operators/group-commit.ts'
import { type Identified, identify, type Seen } from './operators/identify.ts'
import { lookCloser } from './operators/look-closer.ts'
import { publishTo } from './operators/publish-to.ts'
import { type Following, trackFaces } from './operators/track-faces.ts'
import { waitFor } from './operators/wait-for.ts'
import type { Outbox } from './sinks/outbox.ts'
import type { CommittedIdentity } from './site/committed-identity.ts'
import type { BatchTrace, BatchTraces } from './telemetry/batch-traces.ts'
import type { CameraId, Face, Frame } from './types.ts'
import type { Models } from './vision/models.ts'

/** What the vision pipeline is made of. The worker owns the cameras and models, and closes them after it. */
export interface VisionParts {
  readonly cameras: Cameras
  readonly models: Models
  readonly followings: (camera: CameraId) => Following
  readonly window: CreditWindow
  readonly maxBatch: number
  readonly timed: StageTimer
  /** Null where nothing is traced. */
  readonly traces: BatchTraces | null
  /** Called with each batch, before its frames are closed. */
  readonly onAnalysed: (batch: readonly EmbeddedFrame[]) => void
  /** Called when a batch failed. Its frames are lost, and the pipeline goes on. */
  readonly onFailure: (frames: readonly Frame[], error: unknown) => void
}

/**
 * The pipeline of a worker: cameras in, faces out. It pulls. A camera announces that it has a frame; its newest frame
 * is taken when the batch before is done and the camera has a credit. Completes when every camera has ended.
 */
export const vision = ({ cameras, models, followings, window, ...parts }: VisionParts): Observable<Seen> => {
  // A camera may be gone while its last frame is analysed.
  const details = (camera: CameraId) => cameras.find(camera)?.detail ?? null
  const trackerOf = (camera: CameraId) => followings(camera).tracker
  const analysing$ = new BehaviorSubject(false)
  const over$ = new Subject<void>()

  const analyse = (frames: readonly Frame[]): Observable<Seen> => {
    const trace = parts.traces?.begin(frames) ?? null
    const timed: StageTimer = trace ? (stage, work) => trace.stage(stage, () => parts.timed(stage, work)) : parts.timed
    return of(frames).pipe(
      detectFaces(
        models.detector,
        timed,
        (camera) => followings(camera).regions,
        (camera) => followings(camera).changes,
      ),
      trackFaces(followings, timed),
      lookCloser(details, models.detector, timed),
      embedFaces(models.embedder, trackerOf, timed),
      tap(parts.onAnalysed),
      mergeMap((batch) => batch.map((each) => withoutPixels(each, trace))),
      catchError((error: unknown) => {
        parts.onFailure(frames, error)
        return EMPTY
      }),
      tap({ complete: () => analysing$.next(false) }),
      finalize(() => {
        trace?.end()
        for (const frame of frames) {
          frame.close()
          details(frame.camera)?.release()
        }
      }),
    )
  }

  const freed$ = window.freed$.pipe(
    map((name) => cameras.find(name)),
    filter((camera) => camera !== undefined),
  )
  const faces$ = merge(cameras.ready$, freed$).pipe(
    filter((camera) => window.hasRoom(camera.name)),
    batchMap(
      (ready) => {
        const frames = ready.map((camera) => camera.take()).filter((frame) => frame !== null)
        if (frames.length === 0) return EMPTY
        analysing$.next(true)
        return analyse(frames)
      },
      // One waiting frame for each camera, however many there are.
      { maxBatch: parts.maxBatch, capacity: Number.POSITIVE_INFINITY, key: (camera) => camera.name },
    ),
    takeUntil(over$),
  )
  // A camera's change follows the frames that preceded it, so it waits for the batch that is being analysed.
  const changes$ = cameras.changes$.pipe(
    delayWhen(() => analysing$.pipe(first((analysing) => !analysing))),
    map((change): Seen => ({ type: 'change', change })),
    tap({ complete: () => over$.next() }),
  )
  return merge(faces$, changes$)
}

/** The record of a frame that is sent to the identity process: everything but the pixels. */
const withoutPixels = ({ frame, faces, endedTracks }: EmbeddedFrame, trace: BatchTrace | null): Seen => {
  const { camera, stream, seq, ptsUs, capturedAtMs, clock, rtpTime, damaged } = frame
  const { width, height } = frame.full
  const traceparent = trace?.traceparent(frame)
  const some = { ...(rtpTime !== undefined && { rtpTime }), ...(damaged && { damaged }) }
  const stamp = { camera, stream, seq, ptsUs, capturedAtMs, clock, ...some }
  return {
    type: 'faces',
    faces: {
      ...stamp,
      width,
      height,
      faces: faces.map(bareFace),
      endedTracks,
      ...(traceparent !== undefined && { traceparent }),
    },
  }
}

const bareFace = (face: EmbeddedFace): Face => {
  const { closer: _, ...bare } = face
  return bare
}

/** What the identity pipeline is made of. The site owns the engine and the outboxes, and closes them after it. */
export interface IdentityParts {
  readonly engine: CommittedIdentity
  readonly outboxes: readonly Pick<Outbox, 'push'>[]
  /** The most milliseconds that an event waits for others to share its commit; with 0 none waits. */
  readonly maxCommitWaitMs: number
  /** Where people are elsewhere too: resolves once that has everything that is on disk. */
  readonly settled?: () => Promise<void> | null
  readonly timed: StageTimer
  /** Called with each value whose events are on disk, before they are published. */
  readonly onIdentified: (identified: Identified) => void
}

/**
 * The pipeline of the identity process: faces and changes of the gallery in, events out, in the engine's order. A value
 * comes out once its events are with every sink. Events are on disk before they are published.
 */
export const identity = (seen$: Observable<Seen>, { engine, timed, ...parts }: IdentityParts): Observable<Identified> =>
  merge(engine.galleryEvents$, seen$.pipe(identify(engine, timed))).pipe(
    groupCommit(engine, { maxWaitMs: parts.maxCommitWaitMs }, timed),
    parts.settled ? waitFor(parts.settled) : (same) => same,
    tap(parts.onIdentified),
    publishTo(parts.outboxes),
  )
