import type { Observable, SchedulerLike } from 'rxjs'
import type { AccessUnit, inspect, open, Pipeline, typeOf } from '../../native/index.js'
import type { Log, StreamId, Time } from '../types.ts'
import type { CameraUrl } from './camera-url.ts'
import type { Hardware } from './hardware/hardware.ts'
import type { CameraOptions } from './options.ts'
import type { RecordingFile } from './recording-file.ts'
import type { Relays } from './relay/relays.ts'

/** The part of the GStreamer addon that cameras use. */
export interface Native {
  readonly open: typeof open
  readonly inspect: typeof inspect
  readonly typeOf: typeof typeOf
}

/** What a camera needs from outside: the addon, clocks, randomness. */
export interface CameraDeps {
  readonly native: Native
  /** The hardware decoders of this machine. */
  readonly hardware: Hardware
  /** Between GStreamer and cameras on the network. */
  readonly relays: Pick<Relays, 'open'>
  /** The longest side of the detector's picture, pixels. */
  readonly pictureSide: number
  /** Whether recordings are read at full speed and without loss, instead of in their own time. */
  readonly untilEnd: boolean
  readonly log: Log
  readonly time: Time
  /** A monotonic clock, milliseconds from any origin. */
  readonly elapsedMs: () => number
  /** Uniform, 0–1. */
  readonly random: () => number
  readonly scheduler: SchedulerLike
  readonly newStreamId: () => StreamId
  /** Names a recording by its content; see `recordingStream`. */
  readonly recordingStream: (url: CameraUrl, options: CameraOptions) => Observable<StreamId | null>
  /** Looks at a recording before it is opened; see `inspectRecording`. */
  readonly inspectRecording: (path: string) => Observable<RecordingFile>
  /** Whether this recording was read to its end before. */
  readonly isRead: (stream: StreamId) => boolean
  /** The stream of a recording that an earlier process began to read: it must be the same one. Null when none did. */
  readonly begun: StreamId | null
  /** Gets the stream as it comes, instead of its frames: nothing is decoded unless it is asked for. Absent: decode all. */
  readonly units?: UnitReceiver
}

/** Who receives a stream that is not decoded. */
export interface UnitReceiver {
  /** A connection was opened. `picturesAt` is that of its `Pipeline`. */
  opened(picturesAt: Pipeline['picturesAt']): void
  /** The next access unit; of the first connection's ring the newest key unit comes first. */
  unit(unit: AccessUnit): void
  /** The connection is over. */
  closed(): void
}
