import type { CameraState } from '../../../../src/types.ts'

/** A camera of `GET /api/cameras`. */
export interface ListedCamera {
  readonly camera: string
  readonly state: CameraState
  readonly reason: string
  readonly code?: string
  readonly retryInMs?: number
  /** `file`: the configuration names it, and only there it is changed. */
  readonly source: 'file' | 'state'
  readonly paused: boolean
  /** Secrets in it are `***`. */
  readonly url: string
  readonly detailUrl: string | null
  readonly login: boolean
  /** Other keys that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly figures: {
    readonly receivedFps: number
    readonly analysedFps: number
    readonly drops: Readonly<Record<string, number>>
    readonly losses: number
    readonly reconnects: number
    readonly latencyMs: { readonly p50: number; readonly p95: number } | null
    readonly clock: 'camera' | 'arrival' | 'file' | null
    readonly clockNote: string | null
    readonly codec: string | null
    readonly size: { readonly width: number; readonly height: number } | null
    readonly keyFrameEveryMs: number | null
    readonly lastError: {
      readonly code: string
      readonly message: string
      readonly remedy: string | null
      readonly atMs: number
    } | null
  }
}

/** The answer of `GET /api/cameras`. */
export interface CameraList {
  readonly cameras: readonly ListedCamera[]
  /** The name of the configuration file; null without one. */
  readonly file: string | null
  /** Whether cameras that are added are there after a restart. */
  readonly kept: boolean
  readonly problems: readonly string[]
}

/** The answer of `POST /api/cameras/test`. */
export interface CameraTest {
  readonly ok: boolean
  readonly failure: { readonly code: string; readonly message: string; readonly remedy: string | null } | null
  /** A JPEG in base64. */
  readonly picture: string | null
  readonly size: { readonly width: number; readonly height: number } | null
  readonly facts: readonly { readonly what: string; readonly says: string }[]
  readonly advice: readonly { readonly quirk: string; readonly change: string }[]
}
