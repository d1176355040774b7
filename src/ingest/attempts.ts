import { defer, forkJoin, from, mergeMap, type Observable, of, shareReplay, tap, throwError, timer } from 'rxjs'
import type { AccessUnit } from '../../native/index.js'
import { RollcallError } from '../errors.ts'
import type { CameraId, Frame, Pace, StreamId } from '../types.ts'
import type { CameraDeps } from './camera-deps.ts'
import type { CameraSource } from './camera-source.ts'
import { addCounts, type CameraStats, noStats } from './camera-stats.ts'
import { chooseDecoders, codecElements } from './codecs.ts'
import type { Signal } from './connection.ts'
import type { Connection } from './connection-parts.ts'
import { createConnector } from './connector.ts'
import { codecNameOf } from './format-name.ts'
import { type CameraHardware, createCameraHardware } from './hardware/camera-hardware.ts'
import type { CameraOptions } from './options.ts'
import type { RecordingFile } from './recording-file.ts'
import type { VideoWatcher } from './video/video-units.ts'

/**
 * What comes of the frames that a camera's pace leaves out, to be looked at where something has moved: none; those that it catches up
 * with when it wakes; or all.
 */
export type OtherFrames = 'none' | 'late' | 'all'

/** The connections of one camera, one at a time. Owned by the camera. */
export interface Attempts {
  /** Opens the camera on subscription; see `connect`. Fails with RECORDING_READ when the recording was read before. */
  open(): Observable<Signal>
  /** The newest frame of a camera, the next one of a recording; null when there is none. Never throws. */
  take(): Frame | null
  /** Gives as many frames as the pace says, and of the others these. When it is opened again it is awake. */
  setPace(pace: Pace, others: OtherFrames): void
  /** What the present connection's ring of encoded units holds, from its first key unit on. */
  captured(): readonly AccessUnit[]
  /** Sends the stream of this connection and of all that follow to the watcher, as it comes; null ends that. */
  watchVideo(watcher: VideoWatcher | null): void
  readonly stats: CameraStats
  /** How often the camera was opened. */
  count(): number
  /** The stream of the present connection; null before the first. */
  stream(): StreamId | null
  /** Drops the connection that has ended, and keeps its counts. */
  settle(): void
  /** Emits when the last connection has stopped, after `waitMs` at the earliest: there are never two at a time. */
  closed(waitMs: number): Observable<unknown>
  /** Resolves when the threads and descriptors of the last connection are gone. */
  stopped(): Promise<void>
}

/**
 * Prepares the connections of a camera; nothing is opened before `open`. `onFallback` hears why a hardware decoder was given up. Throws
 * NATIVE_MISSING without the addon.
 */
export const createAttempts = (
  name: CameraId,
  source: CameraSource,
  options: CameraOptions,
  deps: CameraDeps,
  onFallback: (reason: string) => void,
): Attempts => {
  const found = deps.native.inspect(codecElements).elements
  const named$ = streamNamer(source, options, deps).pipe(tap((named) => void (stream = named)))
  let past = addCounts(noStats, noStats)
  let attempts = 0
  let connection: Connection | null = null
  let stopped = Promise.resolve()
  /** Connections that have not stopped. */
  let pipelines = 0
  let stream: StreamId | null = null
  let videoWatcher: VideoWatcher | null = null
  let pace: Pace = 'awake'

  const decoders = chooseDecoders((element) => found[element] === true)
  const hardware = createCameraHardware({ ...deps, name, onFallback })
  const settle = (): void => {
    past = addCounts(past, connection?.stats() ?? noStats)
    stopped = connection?.stopped ?? stopped
    connection = null
  }
  const file$: Observable<RecordingFile | null> =
    source.url.kind === 'file' ? deps.inspectRecording(source.url.path) : of(null)
  const connectTo = createConnector(name, source, options, deps, {
    decoders,
    hardware,
    onOpen: (opened) => {
      connection = opened
      if (videoWatcher !== null) opened.watchVideo(videoWatcher)
      pace = 'awake'
      pipelines++
      const gone = (): number => pipelines--
      opened.stopped.then(gone, gone)
    },
  })

  return {
    open: () =>
      defer(() => {
        attempts++
        return file$.pipe(mergeMap((file) => named$.pipe(mergeMap((named) => connectTo(named, file)))))
      }),
    take: () => connection?.take() ?? null,
    setPace: (next, others) => {
      pace = next
      connection?.limit(...limitsOf(options, pace, others))
      const mayRest = options.restFps !== null && (pace === 'dozing' || pace === 'resting')
      connection?.doze(mayRest ? options.maxSleepMs : null, pace === 'resting')
    },
    captured: () => connection?.captured() ?? [],
    watchVideo: (watcher) => {
      videoWatcher = watcher
      connection?.watchVideo(watcher)
    },
    get stats() {
      const shown = fpsOf(options, pace) === options.maxFps ? 'awake' : pace
      return { ...statsOf(past, connection, hardware), reconnects: Math.max(0, attempts - 1), pipelines, pace: shown }
    },
    count: () => attempts,
    stream: () => stream,
    settle,
    closed: (waitMs) => forkJoin([timer(waitMs, deps.scheduler), from(stopped)]),
    stopped: () => stopped,
  }
}

/** Most frames of a second at a pace; null: all. */
export const fpsOf = ({ maxFps, steadyFps, restFps }: CameraOptions, pace: Pace): number | null => {
  const most = { awake: null, steady: steadyFps, resting: restFps, dozing: restFps }[pace]
  return most === null ? maxFps : Math.min(most, maxFps ?? most)
}

/** The most frames of a second that come, and whether those that are caught up with come, too: not where `maxFps` is wanted. */
const limitsOf = (options: CameraOptions, pace: Pace, others: OtherFrames): [number | null, boolean] => [
  others === 'all' ? options.maxFps : fpsOf(options, pace),
  others !== 'none' && options.maxFps === null,
]

/** The counts of all connections, and what is true of the present one. */
const statsOf = (
  past: ReturnType<typeof addCounts>,
  connection: Connection | null,
  { decoder, fallbacks }: CameraHardware,
): Omit<CameraStats, 'reconnects' | 'pipelines' | 'pace'> => {
  const now = connection?.stats() ?? noStats
  const { lagMs, keyEveryMs, asleep, givesWay } = now
  const format = connection?.format() ?? null
  return {
    ...addCounts(past, now),
    lagMs,
    keyEveryMs,
    asleep,
    givesWay,
    codec: format === null ? null : codecNameOf(format),
    hardware: decoder,
    fallbacks,
  }
}

/**
 * The stream of each opening. For a recording that is read without loss it is named by the content, which is read once;
 * otherwise each opening has a new one.
 */
const streamNamer = (
  { url, isLossless }: CameraSource,
  options: CameraOptions,
  { newStreamId, recordingStream, isRead, begun }: CameraDeps,
): Observable<StreamId> => {
  if (!isLossless) return defer(() => of(newStreamId()))
  return recordingStream(url, options).pipe(
    mergeMap((stream) => {
      if (begun !== null && stream !== begun) return throwError(() => notTheSame)
      if (stream === null || !isRead(stream)) return of(stream ?? newStreamId())
      return throwError(() => alreadyRead)
    }),
    shareReplay(1),
  )
}

const alreadyRead = new RollcallError('RECORDING_READ', 'this recording has been read already, for this camera', {
  remedy: 'To read it once more give it another camera name, or another state with --state DIR.',
})

const notTheSame = new RollcallError(
  'PIPELINE',
  'the rest cannot be read: the vision process ended, and there is no reading it again',
  {
    remedy: 'Read it from a regular file that does not change.',
  },
)
