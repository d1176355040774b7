import { Observable, type Subscriber } from 'rxjs'
import type { Pipeline, PipelineEvent } from '../../native/index.js'
import type { RollcallError } from '../errors.ts'
import type { Frame } from '../types.ts'
import { autoplugged } from './autoplugged.ts'
import { type CameraFailure, failureError } from './camera-failure.ts'
import { noStats } from './camera-stats.ts'
import { redactText } from './camera-url.ts'
import type { ConnectionParts } from './connection-parts.ts'
import { frameReader } from './frame-reader.ts'
import type { FollowedPipeline } from './hardware/camera-hardware.ts'
import { MAX_PIXELS } from './launch.ts'
import type { RelayState } from './relay/thread-messages.ts'
import { createSeenStreams, type SeenStreams } from './seen-streams.ts'
import { emptyError, launchError, seenError, streamError } from './stream-error.ts'
import type { StreamMessage } from './stream-message.ts'
import { connectionVideo } from './video/connection-video.ts'
import { type HealthSignal, watchEveryMs, watchHealth } from './watch-health.ts'
import { createWatchdog } from './watchdog.ts'

/** `frame`: `take()` has one. The others say how the connection is, when that changes. */
export type Signal = 'frame' | HealthSignal

/** The camera has this long to hear that it is left. */
const GOODBYE_MS = 1000
const nothingKnown: RelayState = { failure: null, silentMs: null }

/**
 * One opening of a camera, on subscription. Completes when a recording has given its last frame. Fails with a
 * RollcallError when the source fails or stalls, or when a camera's stream ends. Unsubscribing stops the pipeline.
 */
export const connect = (parts: ConnectionParts): Observable<Signal> =>
  new Observable<Signal>((subscriber) => {
    const { url, scheduler } = parts
    const watchdog = createWatchdog(parts.options, parts.openedAtMs, watchEveryMs(parts.options))
    const stopped = Promise.withResolvers<void>()
    const state: ConnectionState = {
      seen: createSeenStreams(parts.decoders),
      warning: null,
      hasFrame: false,
      isEnding: false,
      followed: null,
    }
    const { seen } = state
    const fail = failing(parts, subscriber)
    const heard = eventsOf(parts, state, subscriber, fail)
    const onEvent = (event: PipelineEvent): void => {
      if (subscriber.closed) return
      if (event.type === 'accessUnit') {
        parts.units?.unit(event.unit)
        video.unit(event.unit)
      } else heard(event, pipeline)
    }

    let pipeline: Pipeline
    try {
      pipeline = openPipeline(parts, onEvent)
    } catch (error) {
      parts.relay?.close()
      stopped.resolve()
      parts.onOpen({ ...closedConnection, stopped: stopped.promise })
      subscriber.error(launchError(url, error))
      return undefined
    }

    begin(parts, state, pipeline)
    const readFrame = frameReader(parts, pipeline, watchdog)
    const video = connectionVideo(parts, pipeline)
    const take = (): Frame | null => {
      if (subscriber.closed) return null
      state.hasFrame = false
      const frame = readFrame()
      if (frame !== null) video.taken(frame)
      // Scheduled, because the caller must have the last frame before it hears of the end.
      if (state.isEnding) subscriber.add(scheduler.schedule(() => subscriber.complete()))
      return frame
    }

    parts.onOpen({
      take,
      limit: (maxFps, passesLate) => (subscriber.closed ? undefined : pipeline.limit(maxFps, passesLate)),
      doze: (maxSleepMs, onlyWhenLate) => (subscriber.closed ? undefined : pipeline.doze(maxSleepMs, onlyWhenLate)),
      captured: () => (subscriber.closed ? [] : pipeline.captured()),
      watchVideo: (watcher) => {
        if (!subscriber.closed) video.watch(watcher)
      },
      stats: () => pipeline.stats,
      format: () => seen.format,
      stopped: stopped.promise,
    })
    if (parts.relay) parts.relay.onFailure = (failure) => subscriber.error(failureError(failure))
    subscriber.add(
      watchHealth(parts, pipeline, watchdog, {
        changed: (health) => subscriber.next(health),
        failed: (failureOf) => fail((relay) => failureError(failureOf({ ...parts, relay, ...pipeline.stats }))),
      }),
    )
    return () => {
      state.followed?.end()
      parts.units?.closed()
      stop(parts, pipeline).then(stopped.resolve, stopped.reject)
    }
  })

interface ConnectionState {
  readonly seen: SeenStreams
  /** The last one of GStreamer's. */
  warning: StreamMessage | null
  /** A frame was announced and not taken. */
  hasFrame: boolean
  /** The recording has ended, and its last frame was not taken. */
  isEnding: boolean
  /** Lets hardware decode, if it may. */
  followed: FollowedPipeline | null
}

/** Tells who gets what the pipeline receives besides its frames. */
const begin = (parts: ConnectionParts, state: ConnectionState, pipeline: Pipeline): void => {
  if (parts.units) {
    pipeline.decode('none')
    parts.units.opened((ptsNs) => pipeline.picturesAt(ptsNs))
    pipeline.accessUnits(true)
  }
  state.followed = parts.followHardware(pipeline)
}

/** Takes what a pipeline says besides its units: frames and ends become signals, errors end the connection. */
const eventsOf = (parts: ConnectionParts, state: ConnectionState, subscriber: Subscriber<Signal>, fail: Fail) => {
  const { url, mode, recording } = parts
  const { seen } = state
  const onRecorded = (pipeline: Pipeline): void =>
    withState(parts, ({ failure }) => {
      if (failure !== null) subscriber.error(failureError(failure))
      else if (pipeline.stats.decoded === 0) subscriber.error(emptyError(url, seen))
      else if (mode === 'newest' && state.hasFrame) state.isEnding = true
      else subscriber.complete()
    })
  return (event: Exclude<PipelineEvent, { type: 'accessUnit' }>, pipeline: Pipeline): void => {
    switch (event.type) {
      case 'frame':
        state.hasFrame = true
        seen.note(event)
        subscriber.next('frame')
        break
      case 'warning':
        state.warning = event
        logWarning(parts, event)
        break
      case 'error':
        fail(({ isEncrypted }) => streamError(url, event, seen, isEncrypted))
        break
      case 'decoder':
        state.followed?.heard(event)
        break
      case 'stream':
      case 'format': {
        seen.note(event)
        if (event.type === 'format') state.followed?.heard(event)
        const failure = seenError(url, seen)
        if (failure !== null) fail(() => failure)
        break
      }
      case 'eos':
        if (recording) onRecorded(pipeline)
        else fail(() => (state.warning ? streamError(url, state.warning, seen) : failureError(streamEnded)))
        break
    }
  }
}

/** What a connection is that could not be opened. */
const closedConnection = {
  take: () => null,
  limit: () => {},
  doze: () => {},
  captured: () => [],
  watchVideo: () => {},
  stats: () => noStats,
  format: () => null,
}

const openPipeline = (parts: ConnectionParts, onEvent: (event: PipelineEvent) => void): Pipeline => {
  const allowed = autoplugged(parts.url.kind, parts.relay?.isPlaylist === true)
  return parts.native.open({
    launch: parts.launch.receive,
    decode: parts.launch.decode,
    mode: parts.mode,
    pictureSide: parts.pictureSide,
    maxFps: parts.options.maxFps,
    maxPixels: MAX_PIXELS,
    maxBlindMs: parts.options.maxBlindMs,
    ...(allowed && { allowed }),
    onEvent,
  })
}

/** Ends a connection with an error. */
type Fail = (errorOf: (state: RelayState) => RollcallError) => void

/** What the relay knows of the camera says more than what GStreamer makes of it. */
const failing =
  (parts: ConnectionParts, subscriber: Subscriber<Signal>): Fail =>
  (errorOf) =>
    withState(parts, (state) => {
      const error = errorOf(state)
      subscriber.error(state.failure === null ? error : failureError(state.failure, error.cause))
    })

/** Calls back with what the relay knows: at once when there is none. */
const withState = ({ relay }: ConnectionParts, then: (state: RelayState) => void): void => {
  if (relay === null) then(nothingKnown)
  else relay.state$.subscribe(then)
}

/** Says goodbye to the camera, and then cuts the connection, so that no camera can keep a pipeline. */
const stop = async ({ relay, scheduler }: ConnectionParts, pipeline: Pipeline): Promise<void> => {
  const cutting = scheduler.schedule(() => relay?.close(), GOODBYE_MS)
  try {
    await pipeline.stop()
  } finally {
    cutting.unsubscribe()
    relay?.close()
  }
}

const logWarning = ({ log, name, url }: ConnectionParts, { element, message, debug }: StreamMessage): void =>
  log.debug({ camera: name, element }, redactText(`${message} ${debug}`, url))

const streamEnded: CameraFailure = {
  code: 'CAMERA_LOST',
  says: 'the camera ended the stream',
  remedy: 'It is opened again; cameras do this when they restart, or have too many viewers.',
}
