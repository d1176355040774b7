import type { Observable, SchedulerLike } from 'rxjs'
import type { inspect, open } from '../../native/index.js'
import type { Log, StreamId, Time } from '../types.ts'
import type { CameraUrl } from './camera-url.ts'
import type { CameraOptions } from './options.ts'

export interface Native {
  readonly open: typeof open
  readonly inspect: typeof inspect
}

/** What a camera needs from outside: the addon, clocks, chance. */
export interface CameraDeps {
  readonly native: Native
  /** The detector's picture fits into this many pixels a side. */
  readonly pictureSide: number
  /** Recordings are read at full speed and without loss, instead of in their own time. */
  readonly untilEnd: boolean
  readonly log: Log
  readonly time: Time
  /** Milliseconds that never jump, from any origin. */
  readonly elapsedMs: () => number
  /** 0–1. */
  readonly random: () => number
  readonly scheduler: SchedulerLike
  readonly newStreamId: () => StreamId
  /** Names a recording by its content; see `recordingStream`. */
  readonly recordingStream: (url: CameraUrl, options: CameraOptions) => Observable<StreamId | null>
  /** Whether this recording was read to its end before. */
  readonly isRead: (stream: StreamId) => boolean
}
