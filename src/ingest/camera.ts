import { defer, type Observable, retry, Subject } from 'rxjs'
import type { AccessUnit } from '../../native/index.js'
import type { CameraChange, CameraId, CameraState, Frame, Pace } from '../types.ts'
import { createAttempts, fpsOf, type OtherFrames } from './attempts.ts'
import type { CameraDeps } from './camera-deps.ts'
import { type CameraEnd, CLOSED, endByError, endOfRecording } from './camera-end.ts'
import type { CameraFailure } from './camera-failure.ts'
import { type CameraReport, createCameraReport } from './camera-report.ts'
import { type CameraSource, cameraSource } from './camera-source.ts'
import type { CameraStats } from './camera-stats.ts'
import type { Signal } from './connection.ts'
import type { Detail } from './detail/detail.ts'
import { type OpenDetail, openDetail } from './detail/open-detail.ts'
import type { CameraOptions } from './options.ts'
import { createReconnectPolicy, type ReconnectPolicy } from './reconnect.ts'
import type { VideoWatcher } from './video/video-units.ts'
import { noKeyFrame, softwareAgain, tooSlow } from './watch-failure.ts'

/** One configured camera or recording. Owned by whoever opened it, who calls `close()`. */
export interface Camera {
  readonly name: CameraId
  /** False for recordings that are read without loss. */
  readonly live: boolean
  /**
   * The longest time without a look at the whole picture while each face is where it should be; null: every look is at the
   * whole, as of recordings that are read without loss.
   */
  readonly wholeLookMs: number | null
  /** Emits this camera whenever `take()` has a frame. Completes when the camera has ended. */
  readonly ready$: Observable<Camera>
  /**
   * In order with the frames: `ended` comes after the last frame was taken. A late subscriber gets the last 16 changes.
   */
  readonly changes$: Observable<CameraChange>
  /** The newest frame of a camera, the next one of a recording; null when there is none. Never throws. */
  take(): Frame | null
  /**
   * Sets how many of the frames that it sends are given, and what of the others (none by default). It is awake again when it is opened
   * again. Does nothing for a recording that is read without loss.
   */
  setPace(pace: Pace, others?: OtherFrames): void
  /** Most frames of a second at a pace; null: all. */
  fpsOf(pace: Pace): number | null
  /**
   * The encoded pictures of the last seconds, from a key picture on, copied. Empty where none are kept: raw pictures, and
   * before the first key picture.
   */
  captured(): readonly AccessUnit[]
  /** Sends the camera's own video to the watcher, from the newest key unit on and over reconnects; null ends that. */
  watchVideo(watcher: VideoWatcher | null): void
  readonly stats: CameraStats
  /** Looks at faces in the big stream; null when the camera has no `detailUrl`. */
  readonly detail: Detail | null
  /** Resolves when its threads and descriptors are gone. Frames already taken stay valid. Idempotent. */
  close(): Promise<void>
}

/**
 * Opens a camera and keeps it open. A failure is reported as a change; after a growing wait the camera is opened again.
 * A recording is opened once. Throws CAMERA_URL for a wrong URL and NATIVE_MISSING without the addon. After that
 * nothing throws, and no failure disturbs another camera.
 */
export const openCamera = (name: CameraId, options: CameraOptions, deps: CameraDeps): Camera => {
  const source = cameraSource(name, options, deps.untilEnd)
  /** The time of a recording's last frame. */
  let recordedMs = options.startsAtMs
  const report = createCameraReport(name, () => (source.isRecording ? recordedMs : deps.time.nowMs()))
  const sayFallback = (why: string): void => {
    const { code, says, remedy } = softwareAgain(why)
    const reason = `${says} — ${remedy}`
    // What is reported is logged, too.
    if (report.state() === 'online') report.say('online', reason, { code })
    else deps.log.warn({ camera: name, code }, reason)
  }
  const attempts = createAttempts(name, source, options, deps, sayFallback)
  const reconnect = createReconnectPolicy(name, source, options, deps, { attempts, report })
  const saySignal = signalReporter(options, report, reconnect)
  const ready$ = new Subject<Camera>()
  const second = openSecond(name, options, source, deps)

  const end = ({ reason, details }: CameraEnd): void => {
    attempts.settle()
    report.say('ended', reason, details)
    ready$.complete()
    report.complete()
  }
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    running.unsubscribe()
    if (report.state() !== 'ended') end({ reason: CLOSED, details: {} })
    await Promise.all([attempts.stopped(), second?.close()])
  }
  const camera: Camera = {
    name,
    live: !source.isLossless,
    wholeLookMs: source.isLossless ? null : options.wholeLookMs,
    ready$: ready$.asObservable(),
    changes$: report.changes$,
    take: () => {
      const frame = attempts.take()
      if (frame && source.isRecording) recordedMs = frame.capturedAtMs
      return frame
    },
    setPace: (pace, others = 'none') => {
      if (!source.isLossless) attempts.setPace(pace, others)
    },
    fpsOf: (pace) => fpsOf(options, pace),
    captured: () => attempts.captured(),
    watchVideo: (watcher) => attempts.watchVideo(watcher),
    get stats() {
      return attempts.stats
    },
    detail: second?.detail ?? null,
    close: () => {
      closing ??= close()
      return closing
    },
  }

  const attempt = (): Observable<Signal> => {
    report.say('opening', attempts.count() === 0 ? 'opening' : 'opening again')
    return attempts.open()
  }
  const running = defer(attempt)
    .pipe(retry({ delay: (error) => reconnect.again(error) }))
    .subscribe({
      next: (signal) => {
        saySignal(signal)
        if (signal === 'frame') ready$.next(camera)
      },
      complete: () => end(endOfRecording(source, attempts.stream())),
      error: (error) => end(endByError(source, error)),
    })
  return camera
}

/** A recording that is read without loss gives the same events each time, so nothing may depend on when a look comes. */
const openSecond = (
  name: CameraId,
  options: CameraOptions,
  { isLossless }: CameraSource,
  deps: CameraDeps,
): OpenDetail | null => {
  if (options.detailUrl === null) return null
  if (!isLossless) return openDetail(name, options, deps)
  deps.log.warn({ camera: name }, 'detailUrl is not used for recordings with --until-end: faces are embedded from url')
  return null
}

/** Reports the change of state that a connection's signal means. */
const signalReporter = (options: CameraOptions, report: CameraReport, reconnect: ReconnectPolicy) => {
  const { connectTimeoutMs, stallAfterMs, frozenAfterMs } = options
  const sayFailure = (state: CameraState, { code, says, remedy }: CameraFailure): void =>
    report.say(state, `${says} — ${remedy}`, { code })
  const sayOnline = (reason: string): void => {
    if (report.state() === 'online') return
    reconnect.online()
    report.say('online', reason)
  }
  return (signal: Signal): void => {
    switch (signal) {
      case 'frame':
        if (report.state() === 'opening') sayOnline('pictures arrive')
        break
      case 'moving':
        sayOnline(report.state() === 'frozen' ? 'the picture moves again' : 'pictures arrive in time')
        break
      case 'unchanged':
        report.say('frozen', `every picture of the last ${frozenAfterMs / 1000} s is the same`, {
          code: 'CAMERA_STALLED',
        })
        break
      case 'overloaded':
        sayFailure('overloaded', tooSlow(options))
        break
      case 'keyless':
        sayFailure('opening', noKeyFrame(report.state() === 'opening' ? connectTimeoutMs : stallAfterMs))
        break
    }
  }
}
