import type { ErrorCode } from '../errors.ts'
import type { MetricsJson } from '../metrics.ts'
import type { CameraChange, CameraId, Faces, FrameStamp } from '../types.ts'

/** From a vision process to the identity process. Frames never cross; a picture does only while somebody watches. */
export type FromVision =
  | { readonly type: 'faces'; readonly faces: Faces }
  | { readonly type: 'change'; readonly change: CameraChange }
  | { readonly type: 'picture'; readonly stamp: FrameStamp; readonly jpeg: Uint8Array }
  | { readonly type: 'metrics'; readonly metrics: MetricsJson }
  /** It cannot work at all (no model, no addon): starting it again would not help. */
  | { readonly type: 'fatal'; readonly code: ErrorCode; readonly message: string; readonly remedy: string | undefined }

/** From the identity process to a vision process. `Start` is what this vision process works on, given once. */
export type ToVision<Start> =
  | { readonly type: 'start'; readonly start: Start }
  /** A record of this camera has been taken by everything downstream. */
  | { readonly type: 'ack'; readonly camera: CameraId }
  /** The cameras that somebody looks at right now. */
  | { readonly type: 'watch'; readonly cameras: readonly CameraId[] }
  | { readonly type: 'stop' }
