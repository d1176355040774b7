import type { CameraChange, Clock } from '../types.ts'

/* What routes about cameras answer. The viewer reads these types, so nothing here needs the server. */

/** How a camera does. Rates are of the last ten seconds, counts of this run. */
export interface CameraFigures {
  /** Pictures that arrive, and those that are analysed, a second. */
  readonly receivedFps: number
  readonly analysedFps: number
  /** Nobody is there, so few pictures are analysed: `restFps`. */
  readonly resting: boolean
  /** Nothing moves either, or the machine was late, so only key frames are decoded: `maxSleepMs`. */
  readonly asleep: boolean
  /** Everybody there is known and keeps still, so fewer pictures are analysed: `steadyFps`. */
  readonly steady: boolean
  /** What was not analysed, by the reason; reasons without any are left out. */
  readonly drops: Readonly<Record<string, number>>
  /** Gaps in what arrived. */
  readonly losses: number
  readonly reconnects: number
  /** From the capture of a frame to its event, milliseconds, of the last 64 frames; null for recordings. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null
  /** Where the times of its frames come from; null before the first. */
  readonly clock: Clock | null
  /** What to know about that clock, in words. */
  readonly clockNote: string | null
  readonly codec: string | null
  /** Of the upright picture, in square pixels; null before the first frame. */
  readonly size: { readonly width: number; readonly height: number } | null
  readonly keyFrameEveryMs: number | null
  /** When its last frame was identified, Unix milliseconds. */
  readonly lastFrameAtMs: number | null
  /** The last thing that went wrong, also when it is right again; null when nothing did in this run. */
  readonly lastError: LastError | null
}

/** What went wrong, and what to do. */
export interface LastError {
  readonly code: string
  readonly message: string
  readonly remedy: string | null
  readonly atMs: number
}

/** A camera of `GET /api/cameras`: its last change, where it comes from, and how it does. */
export interface ListedCamera extends CameraChange {
  /** `file`: the configuration names it, and only there it is changed. */
  readonly source: 'file' | 'state'
  readonly paused: boolean
  /** Secrets in it are `***`. */
  readonly url: string
  readonly detailUrl: string | null
  readonly login: boolean
  /** Other keys that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly figures: CameraFigures
}

/** The answer of `GET /api/cameras`. */
export interface CameraList {
  readonly cameras: readonly ListedCamera[]
  /** The name of the configuration file; null without one. */
  readonly file: string | null
  /** Whether cameras that are added are there after a restart. */
  readonly kept: boolean
  /** What is wrong with cameras that were added. */
  readonly problems: readonly string[]
}

/** The answer of `POST /api/cameras/test`. No text holds a secret. */
export interface CameraTest {
  readonly ok: boolean
  /** Why there is no picture, and what to do; null when there is one. */
  readonly failure: { readonly code: string; readonly message: string; readonly remedy: string | null } | null
  /** A JPEG of its first frame in base64, at most 640 pixels on a side. */
  readonly picture: string | null
  /** Of the upright picture, in square pixels. */
  readonly size: { readonly width: number; readonly height: number } | null
  /** What it sends, as `doctor` says it. */
  readonly facts: readonly { readonly what: string; readonly says: string }[]
  /** What to change about it, most important first. */
  readonly advice: readonly { readonly quirk: string; readonly change: string }[]
}
