import { mergeMap, type Observable } from 'rxjs'
import type { CameraId, StreamId } from '../types.ts'
import type { CameraDeps } from './camera-deps.ts'
import type { CameraSource } from './camera-source.ts'
import type { CameraUrl } from './camera-url.ts'
import { cameraClock, type FrameClock, recordingClock } from './clock.ts'
import type { Decoding } from './codecs.ts'
import { connect, type Signal } from './connection.ts'
import type { Connection } from './connection-parts.ts'
import type { CameraHardware } from './hardware/camera-hardware.ts'
import { type LaunchLines, launchLines } from './launch.ts'
import type { CameraOptions } from './options.ts'
import type { RecordingFile } from './recording-file.ts'
import type { Relay } from './relay/relays.ts'
import type { RelayTarget } from './relay/target.ts'

/** Connects to a stream of a camera; `file` is what a recording turned out to be, null for others. See `connect`. */
export type Connector = (stream: StreamId, file: RecordingFile | null) => Observable<Signal>

/** What may change from one connection to the next, and who is told of it. */
export interface ConnectorParts {
  readonly decoders: readonly Decoding[]
  readonly hardware: CameraHardware
  /** Called with each connection before it emits. */
  readonly onOpen: (connection: Connection) => void
}

interface Found {
  readonly file: RecordingFile | null
  readonly relay: Relay | null
  /** On the clock of `elapsedMs`. */
  readonly openedAtMs: number
}

/** Connects by a relay where the camera talks over the network. What there is to warn of is said once. */
export const createConnector = (
  name: CameraId,
  source: CameraSource,
  options: CameraOptions,
  deps: CameraDeps,
  own: ConnectorParts,
): Connector => {
  const warned = new Set<string>()
  const warnOnce = (about: string, message: string): void => {
    if (!warned.has(about)) deps.log.warn({ camera: name }, message)
    warned.add(about)
  }
  const connectBy = (named: StreamId, { file, relay, openedAtMs }: Found): Observable<Signal> => {
    const { url, isRecording, isLossless } = source
    const { decoders } = own
    deps.log.debug({ camera: name, url: url.redacted, decoders: decoders.map(({ decode }) => decode) }, 'opening')
    const launchBy = (chosen: readonly Decoding[]): LaunchLines => launchOf(source, options, chosen, { file, relay })
    const mayChange = options.decoder === 'auto' && !isLossless && url.kind !== 'v4l2' && deps.units === undefined
    return connect({
      ...deps,
      name,
      url,
      options,
      launch: launchBy(decoders),
      relay,
      openedAtMs,
      decoders,
      followHardware: (pipeline) =>
        mayChange
          ? own.hardware.follow(pipeline, decoders, ({ codec }, decode) =>
              launchBy(decoders.map((each) => (each.codec === codec ? { codec, decode } : each))),
            )
          : null,
      mode: isLossless ? 'every' : 'newest',
      recording: isRecording,
      stream: named,
      warnOfKeys: (message) => warnOnce('key frames', message),
      clock: clockOf(name, source, options, deps),
      onOpen: own.onOpen,
    })
  }
  return (named, file) => {
    const { url } = source
    const openedAtMs = deps.elapsedMs()
    if (url.kind !== 'rtsp' && url.kind !== 'http') return connectBy(named, { file, relay: null, openedAtMs })
    return deps.relays.open(relayTarget(url, source, options)).pipe(
      mergeMap((relay) => {
        if (relay.inClear) warnOnce('login', passwordInClear)
        relay.onLoss = (what) => warnOnce('segments', `${what} ${segmentsLost}`)
        return connectBy(named, { file, relay, openedAtMs })
      }),
    )
  }
}

/** As the one line that says it. */
const passwordInClear =
  'the camera takes its password only in clear (Basic), which everybody on the network can read: set it to Digest, or use rtsps:// or https://'

/** After what was lost. It is counted each time, and said once. */
const segmentsLost =
  '(this is said once; rollcall_stream_losses_total counts them): pictures are left out up to the next key frame. Check the camera and the network if this goes on.'

const launchOf = (
  { url, isLossless }: CameraSource,
  camera: CameraOptions,
  decoders: readonly Decoding[],
  found: { readonly file: RecordingFile | null; readonly relay: Relay | null },
): LaunchLines => {
  const paced = !isLossless && (url.kind === 'file' || url.kind === 'http')
  return launchLines({ url, camera, decoders, ...found, paced, live: !isLossless })
}

/** A single picture is fetched at most this often in a second. */
const MAX_PICTURES_PER_S = 5

const relayTarget = (
  { kind, location, credentials }: CameraUrl & { readonly kind: 'rtsp' | 'http' },
  { isRecording }: CameraSource,
  { tlsVerify, redirectHosts, transport, connectTimeoutMs, maxFps }: CameraOptions,
): RelayTarget => ({
  kind,
  location,
  credentials,
  tlsVerify,
  redirectHosts,
  transport,
  // Shorter than the watchdog's time, because the relay says more.
  answerMs: Math.round(connectTimeoutMs * 0.7),
  pictureEveryMs: isRecording ? null : 1000 / Math.min(MAX_PICTURES_PER_S, maxFps ?? MAX_PICTURES_PER_S),
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
