import {
  defer,
  forkJoin,
  from,
  type Observable,
  ReplaySubject,
  raceWith,
  retry,
  type SchedulerLike,
  Subject,
  throwError,
  timer,
} from 'rxjs'
import type { inspect, open } from '../../native/index.js'
import { RollcallError } from '../errors.ts'
import type { CameraChange, CameraId, CameraState, Frame, Log, StreamId, Time } from '../types.ts'
import { createBackoff } from './backoff.ts'
import { type CameraUrl, parseCameraUrl } from './camera-url.ts'
import { cameraClock, type FrameClock, recordingClock } from './clock.ts'
import { chooseDecoders, codecElements, isHardware } from './codecs.ts'
import { type Connection, connect, type Signal } from './connection.ts'
import { launchLine } from './launch.ts'
import type { CameraOptions } from './options.ts'
import { RECORDING_STREAM } from './stream-id.ts'
import { missingBytes } from './truncated.ts'

export interface Native {
  readonly open: typeof open
  readonly inspect: typeof inspect
}

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
}

export interface CameraStats {
  readonly decoded: number
  /** Frames that a newer one replaced before anyone took them. */
  readonly dropped: number
  /** Attempts to open the camera again. */
  readonly reconnects: number
}

/** Owned by whoever opened it, who calls `close()`. */
export interface Camera {
  readonly name: CameraId
  /** False for recordings that are read without loss. */
  readonly live: boolean
  /** This camera, whenever `take()` would now give a frame; completes when the camera is over for good. */
  readonly ready$: Observable<Camera>
  /** In order with the frames: `ended` comes after the last one was taken. Whoever subscribes late gets the last 16. */
  readonly changes$: Observable<CameraChange>
  /** The newest frame; of a recording the next one. Null when there is none. Never throws. */
  take(): Frame | null
  readonly stats: CameraStats
  /** Idempotent. Resolves when nothing of it runs any more; frames already taken stay valid. */
  close(): Promise<void>
}

/**
 * Opens a camera and keeps it open: a failure is reported, and after a growing wait it is opened again; a recording is
 * opened once. Nothing of this ever throws or disturbs another camera, but for a wrong URL (CAMERA_URL) and a missing
 * addon (NATIVE_MISSING).
 */
export const openCamera = (name: CameraId, options: CameraOptions, deps: CameraDeps): Camera => {
  const { log, time, scheduler } = deps
  const url = parseUrl(name, options.url)
  const recording = url.kind === 'file' || (url.kind === 'http' && deps.untilEnd)
  const every = recording && deps.untilEnd
  const backoff = createBackoff(options.backoff, deps.random)
  const found = deps.native.inspect(codecElements).elements

  const ready$ = new Subject<Camera>()
  const changes$ = new ReplaySubject<CameraChange>(16)
  let decoder = options.decoder
  let connection: Connection | null = null
  let stopped = Promise.resolve()
  let state: CameraState = 'opening'
  let onlineAtMs: number | null = null
  /** What a recording says of time; of cameras it is the time of day. */
  let recordedMs = options.startsAtMs
  const past = { decoded: 0, dropped: 0, attempts: 0 }

  const report = (next: CameraState, reason: string, more: Pick<CameraChange, 'code' | 'retryInMs'> = {}): void => {
    state = next
    changes$.next({ camera: name, state: next, atMs: recording ? recordedMs : time.nowMs(), reason, ...more })
  }

  const decoders = () => chooseDecoders((element) => found[element] === true, decoder)
  const stop = () => from(stopped).pipe(raceWith(timer(STOP_PATIENCE_MS, scheduler)))

  const clock = (): FrameClock =>
    recording
      ? recordingClock(options.startsAtMs)
      : cameraClock(options.maxClockErrorMs, (differenceMs) =>
          log.warn(
            { camera: name, differenceMs: Math.round(differenceMs) },
            "the camera's clock is too far from ours: frames carry the time of their arrival instead",
          ),
        )

  const attempt = (): Observable<Signal> => {
    past.attempts++
    report('opening', past.attempts === 1 ? 'opening' : 'opening again')
    const launch = launchLine({
      url,
      camera: options,
      decoders: decoders(),
      paced: !every && (url.kind === 'file' || url.kind === 'http'),
      encoded: !every,
    })
    log.debug({ camera: name, url: url.redacted, decoders: decoders().map(({ decode }) => decode) }, 'opening')
    return connect({
      ...deps,
      name,
      url,
      options,
      launch,
      mode: every ? 'every' : 'newest',
      recording,
      stream: recording && deps.untilEnd ? RECORDING_STREAM : deps.newStreamId(),
      clock: clock(),
      onOpen: (opened) => {
        connection = opened
      },
    })
  }

  /** The connection is over; what it counted remains. */
  const settle = (): void => {
    const { decoded, dropped } = connection?.stats() ?? { decoded: 0, dropped: 0 }
    past.decoded += decoded
    past.dropped += dropped
    stopped = connection?.stopped ?? stopped
    connection = null
  }

  const onSignal = (signal: Signal): void => {
    if (signal === 'unchanged') {
      const seconds = options.frozenAfterMs / 1000
      report('frozen', `every picture of the last ${seconds} s is the same`, { code: 'CAMERA_STALLED' })
    } else if (signal === 'moving') {
      report('online', 'the picture moves again')
    } else {
      if (state === 'opening') {
        onlineAtMs = deps.elapsedMs()
        report('online', 'pictures arrive')
      }
      ready$.next(camera)
    }
  }

  const again = (error: unknown): Observable<unknown> => {
    const failure = asRollcallError(error)
    const { code } = failure
    log.debug(
      { camera: name, code, cause: failure.cause instanceof Error ? failure.cause.message : undefined },
      failure.message,
    )
    if (code === 'CAMERA_FORMAT' && decoders().some(isHardware) && connection?.stats().decoded === 0) {
      log.warn({ camera: name }, 'the hardware decoder refuses this stream: decoding in software')
      decoder = 'software'
      settle()
      return forkJoin([timer(0, scheduler), stop()])
    }
    if (recording) return throwError(() => failure)

    if (code === 'CAMERA_STALLED') report('frozen', failure.message, { code })
    backoff.wasOnline(onlineAtMs === null ? 0 : deps.elapsedMs() - onlineAtMs)
    onlineAtMs = null
    settle()
    // Cameras lock users out who try a wrong password too often.
    const retryInMs = code === 'CAMERA_UNAUTHORIZED' ? backoff.longestMs() : backoff.nextMs()
    report('offline', reasonOf(failure), { code, retryInMs })
    return forkJoin([timer(retryInMs, scheduler), stop()])
  }

  const end = (reason: string, code?: string): void => {
    settle()
    report('ended', reason, code === undefined ? {} : { code })
    ready$.complete()
    changes$.complete()
  }

  let closing: Promise<void> | null = null
  const camera: Camera = {
    name,
    live: !every,
    ready$: ready$.asObservable(),
    changes$: changes$.asObservable(),
    take: () => {
      const frame = connection?.take() ?? null
      if (frame && recording) recordedMs = frame.capturedAtMs
      return frame
    },
    get stats() {
      const now = connection?.stats()
      return {
        decoded: past.decoded + (now?.decoded ?? 0),
        dropped: past.dropped + (now?.dropped ?? 0),
        reconnects: Math.max(0, past.attempts - 1),
      }
    },
    close: () => {
      closing ??= (async () => {
        running.unsubscribe()
        if (state !== 'ended') end('closed')
        await stopped
      })()
      return closing
    },
  }

  const running = defer(attempt)
    .pipe(retry({ delay: again }))
    .subscribe({
      next: onSignal,
      complete: () => {
        const missing = url.kind === 'file' ? missingBytesOf(url.path) : 0
        if (missing === 0) end('the recording is over')
        else end(breaksOff(missing), 'CAMERA_FORMAT')
      },
      error: (error) => {
        const failure = asRollcallError(error)
        const missing = url.kind === 'file' && failure.code === 'CAMERA_FORMAT' ? missingBytesOf(url.path) : 0
        end(missing > 0 ? breaksOff(missing) : reasonOf(failure), failure.code)
      },
    })
  return camera
}

/** A wedged element must not keep the camera from being opened again. */
const STOP_PATIENCE_MS = 10_000

const parseUrl = (name: CameraId, text: string): CameraUrl => {
  try {
    return parseCameraUrl(text)
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    const { code, message, remedy = '' } = error
    throw new RollcallError(code, `camera ${name}: ${message}`, { remedy, cause: error })
  }
}

const asRollcallError = (error: unknown): RollcallError =>
  error instanceof RollcallError ? error : new RollcallError('PIPELINE', String(error), { cause: error })

const reasonOf = ({ message, remedy }: RollcallError): string => (remedy ? `${message} — ${remedy}` : message)

const breaksOff = (missing: number): string => `the file breaks off: ${missing} bytes of it are missing`

const missingBytesOf = (path: string): number => {
  try {
    return missingBytes(path)
  } catch {
    return 0
  }
}
