import type { SchedulerLike } from 'rxjs'
import type { AccessUnit, open, Pipeline } from '../../native/index.js'
import type { Frame, Log, StreamId, Time } from '../types.ts'
import type { UnitReceiver } from './camera-deps.ts'
import type { CameraUrl } from './camera-url.ts'
import type { FrameClock } from './clock.ts'
import type { Decoding } from './codecs.ts'
import type { FollowedPipeline } from './hardware/camera-hardware.ts'
import type { LaunchLines } from './launch.ts'
import type { CameraOptions } from './options.ts'
import type { Relay } from './relay/relays.ts'
import type { VideoWatcher } from './video/video-units.ts'

/** What one connection needs. */
export interface ConnectionParts {
  readonly name: string
  readonly url: CameraUrl
  readonly options: CameraOptions
  readonly launch: LaunchLines
  /** What stands between GStreamer and the camera; closed with the connection. Null for files and webcams. */
  readonly relay: Relay | null
  /** The decoders that the launch line has. */
  readonly decoders: readonly Decoding[]
  /** Lets hardware decode what the pipeline receives; null where it may not. */
  readonly followHardware: (pipeline: Pipeline) => FollowedPipeline | null
  readonly mode: 'newest' | 'every'
  /** A recording ends without a failure, and is watched up to its first frame only. */
  readonly recording: boolean
  /** The stream of the first frames. */
  readonly stream: StreamId
  /** Makes the stream of a time line that restarts. */
  readonly newStreamId: () => StreamId
  /** When the camera was first asked, by `elapsedMs`. */
  readonly openedAtMs: number
  readonly clock: FrameClock
  readonly pictureSide: number
  readonly native: { readonly open: typeof open }
  readonly log: Log
  /** Warns of key frames that are far apart, once for all connections of the camera. */
  readonly warnOfKeys: (message: string) => void
  readonly scheduler: SchedulerLike
  readonly time: Time
  /** A monotonic clock, milliseconds from any origin. */
  readonly elapsedMs: () => number
  /** Gets the stream as it comes, which is not decoded then. */
  readonly units?: UnitReceiver
  /** Called before the first signal. */
  readonly onOpen: (connection: Connection) => void
}

/** What can be done with an open connection. After its end `take()` gives null. */
export interface Connection {
  take(): Frame | null
  /** What the ring of encoded units holds, from its first key unit on; empty after the end. */
  captured(): readonly AccessUnit[]
  /** At most so many frames of a second come from now on; null: all. See `Pipeline.limit`. */
  limit(maxFps: number | null, passesLate: boolean): void
  /** Lets the decoder sleep while nothing moves, so long at most; null ends that. See `Pipeline.doze`. */
  doze(maxSleepMs: number | null, onlyWhenLate: boolean): void
  /** Sends the units from the newest key unit of the ring on to the watcher; null ends that. */
  watchVideo(watcher: VideoWatcher | null): void
  stats(): Pipeline['stats']
  /** The format of the access units, as GStreamer's caps; null before the first. */
  format(): string | null
  /** Resolves when, after the end, threads and descriptors are gone. */
  readonly stopped: Promise<void>
}
