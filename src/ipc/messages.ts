import type { ErrorCode } from '../errors.ts'
import type { MetricsJson } from '../metrics.ts'
import type { CameraChange, CameraId, Capture, FaceCrop, Faces, FrameStamp, VideoUnit, VideoWish } from '../types.ts'

/**
 * From a worker to the identity process. Frames are never sent; a JPEG picture or the camera's own encoded video is, while
 * somebody watches its camera, and small pictures of faces are, unless `identity.crops` is off.
 */
export type FromVision =
  /** The models are loaded and the cameras are being opened: from now on the worker analyses. */
  | { readonly type: 'ready' }
  | Beat
  | { readonly type: 'faces'; readonly faces: Faces }
  | { readonly type: 'change'; readonly change: CameraChange }
  | { readonly type: 'picture'; readonly stamp: FrameStamp; readonly jpeg: Uint8Array }
  | { readonly type: 'unit'; readonly unit: VideoUnit }
  /** The camera's own video is watched and cannot be sent; for people. Null: it can be again. */
  | { readonly type: 'noVideo'; readonly camera: CameraId; readonly reason: string | null }
  /** The best picture of a track so far. It comes after the record of its frame. */
  | { readonly type: 'crop'; readonly crop: FaceCrop }
  | { readonly type: 'metrics'; readonly metrics: MetricsJson }
  /** Something was logged that people should see; `fields` can be sent. */
  | { readonly type: 'warning'; readonly level: 'warn' | 'error'; readonly fields: object; readonly message: string }
  /** The answer to `drop`: the camera's session is over. */
  | { readonly type: 'dropped'; readonly camera: CameraId }
  /** The answer to `capture` of the same `id`. */
  | { readonly type: 'captured'; readonly id: number; readonly capture: Capture | CaptureFailure }
  /** The worker cannot work at all (no model, no addon), and is not started again. */
  | { readonly type: 'fatal'; readonly code: ErrorCode; readonly message: string; readonly remedy: string | undefined }
  /** All cameras have ended, and everything was sent. What follows only frees memory. */
  | { readonly type: 'done' }

/** Sent every `BEAT_EVERY_MS` by the worker's event loop. A worker that sends nothing is hung. */
export interface Beat {
  readonly type: 'beat'
  /** The longest time that the event loop has been busy with one thing, milliseconds: a batch, or loading a model. */
  readonly longestBusyMs: number
  /** Cameras that make no progress although the process works. */
  readonly stuck: readonly Stuck[]
}

/** A camera that only another process can help. */
export interface Stuck {
  readonly camera: CameraId
  /** For people: `its decoder does not return`. */
  readonly reason: string
}

/** How often a worker says that it lives, milliseconds. */
export const BEAT_EVERY_MS = 1000

/** Why a camera could not be captured. */
export interface CaptureFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string | undefined
}

/** From the identity process to a worker. `start` comes first, once. */
export type ToVision<Start> =
  | { readonly type: 'start'; readonly start: Start }
  /** Every sink has taken a record of this camera: its credit is free again. */
  | { readonly type: 'ack'; readonly camera: CameraId }
  /** The cameras whose stills, and those whose video, somebody watches now. */
  | { readonly type: 'watch'; readonly cameras: readonly CameraId[]; readonly video: readonly VideoWish[] }
  /** Write the last `forMs` of a camera as a film, and send it. */
  | { readonly type: 'capture'; readonly id: number; readonly camera: CameraId; readonly forMs: number }
  /** From now on this much is logged. */
  | { readonly type: 'log'; readonly level: string }
  /**
   * Opens the cameras of `start` beside those that the worker has; one of the same name is closed before. The rest of
   * `start` is as it was.
   */
  | { readonly type: 'open'; readonly start: Start }
  /** Another process has this camera now, or nobody wants it any more. */
  | { readonly type: 'drop'; readonly camera: CameraId }
  | { readonly type: 'stop' }
