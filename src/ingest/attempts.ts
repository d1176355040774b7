import { defer, forkJoin, from, mergeMap, type Observable, of, raceWith, shareReplay, throwError, timer } from 'rxjs'
import { RollcallError } from '../errors.ts'
import type { CameraId, Frame, StreamId } from '../types.ts'
import type { CameraDeps } from './camera-deps.ts'
import type { CameraSource } from './camera-source.ts'
import { cameraClock, type FrameClock, recordingClock } from './clock.ts'
import { chooseDecoders, codecElements, isHardware } from './codecs.ts'
import { type Connection, connect, type Signal } from './connection.ts'
import { launchLine } from './launch.ts'
import type { CameraOptions } from './options.ts'

export interface CameraStats {
  readonly decoded: number
  /** Frames that a newer one replaced before anyone took them. */
  readonly dropped: number
  /** Attempts to open the camera again. */
  readonly reconnects: number
}

/** The openings of one camera, one at a time. */
export interface Attempts {
  /** Opens the camera on subscription; see `connect`. Fails with RECORDING_READ when there is nothing new in it. */
  open(): Observable<Signal>
  /** The newest frame; of a recording the next one. Null when there is none. Never throws. */
  take(): Frame | null
  readonly stats: CameraStats
  /** Openings so far. */
  count(): number
  /** The stream of the opening at hand; null before the first. */
  stream(): StreamId | null
  /** The connection is over; what it counted remains. */
  settle(): void
  /** Emits when nothing runs any more, but not before `waitMs`, and ten seconds from now at the latest. */
  closed(waitMs: number): Observable<unknown>
  /** Resolves when nothing of the last connection runs any more. */
  stopped(): Promise<void>
  /** Decodes in software from now on; false when that is no change, or pictures have come already. */
  giveUpHardware(): boolean
}

/** A wedged element must not keep the camera from being opened again. */
const STOP_PATIENCE_MS = 10_000

export const createAttempts = (
  name: CameraId,
  source: CameraSource,
  options: CameraOptions,
  deps: CameraDeps,
): Attempts => {
  const found = deps.native.inspect(codecElements).elements
  const named$ = streamNamer(source, options, deps)
  const past = { decoded: 0, dropped: 0, attempts: 0 }
  let decoder = options.decoder
  let connection: Connection | null = null
  let stopped = Promise.resolve()
  let stream: StreamId | null = null

  const decoders = () => chooseDecoders((element) => found[element] === true, decoder)
  const settle = (): void => {
    const { decoded, dropped } = connection?.stats() ?? { decoded: 0, dropped: 0 }
    past.decoded += decoded
    past.dropped += dropped
    stopped = connection?.stopped ?? stopped
    connection = null
  }
  const connectTo = (named: StreamId): Observable<Signal> => {
    stream = named
    const { url, isRecording, isLossless } = source
    deps.log.debug({ camera: name, url: url.redacted, decoders: decoders().map(({ decode }) => decode) }, 'opening')
    return connect({
      ...deps,
      name,
      url,
      options,
      launch: launchLine({
        url,
        camera: options,
        decoders: decoders(),
        paced: !isLossless && (url.kind === 'file' || url.kind === 'http'),
        encoded: !isLossless,
      }),
      mode: isLossless ? 'every' : 'newest',
      recording: isRecording,
      stream: named,
      clock: clockOf(name, source, options, deps),
      onOpen: (opened) => {
        connection = opened
      },
    })
  }

  return {
    open: () =>
      defer(() => {
        past.attempts++
        return named$.pipe(mergeMap(connectTo))
      }),
    take: () => connection?.take() ?? null,
    get stats() {
      const now = connection?.stats()
      return {
        decoded: past.decoded + (now?.decoded ?? 0),
        dropped: past.dropped + (now?.dropped ?? 0),
        reconnects: Math.max(0, past.attempts - 1),
      }
    },
    count: () => past.attempts,
    stream: () => stream,
    settle,
    closed: (waitMs) =>
      forkJoin([timer(waitMs, deps.scheduler), from(stopped).pipe(raceWith(timer(STOP_PATIENCE_MS, deps.scheduler)))]),
    stopped: () => stopped,
    giveUpHardware: () => {
      if (!decoders().some(isHardware) || connection?.stats().decoded !== 0) return false
      decoder = 'software'
      return true
    },
  }
}

/** Of a recording read without loss always the same, asked for once; of everything else a new one each time. */
const streamNamer = (
  { url, isLossless }: CameraSource,
  options: CameraOptions,
  { newStreamId, recordingStream, isRead }: CameraDeps,
): Observable<StreamId> => {
  if (!isLossless) return defer(() => of(newStreamId()))
  return recordingStream(url, options).pipe(
    mergeMap((stream) => {
      if (stream === null || !isRead(stream)) return of(stream ?? newStreamId())
      return throwError(() => alreadyRead)
    }),
    shareReplay(1),
  )
}

const alreadyRead = new RollcallError('RECORDING_READ', 'this recording has been read already, for this camera', {
  remedy: 'To read it once more give it another camera name, or another state with --state DIR.',
})

const clockOf = (
  name: CameraId,
  { isRecording }: CameraSource,
  options: CameraOptions,
  { log }: CameraDeps,
): FrameClock =>
  isRecording
    ? recordingClock(options.startsAtMs)
    : cameraClock(options.maxClockErrorMs, (differenceMs) =>
        log.warn(
          { camera: name, differenceMs: Math.round(differenceMs) },
          "the camera's clock is too far from ours: frames carry the time of their arrival instead",
        ),
      )
