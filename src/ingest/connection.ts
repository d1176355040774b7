import { interval, Observable, type SchedulerLike } from 'rxjs'
import type { open, Pipeline, PipelineEvent } from '../../native/index.js'
import { RollcallError } from '../errors.ts'
import type { Frame, Log, StreamId } from '../types.ts'
import { type CameraUrl, redactText } from './camera-url.ts'
import type { FrameClock } from './clock.ts'
import { toFrame } from './frame.ts'
import type { CameraOptions } from './options.ts'
import { launchError, type StreamMessage, streamError } from './stream-error.ts'
import { createWatchdog } from './watchdog.ts'

/** `frame`: take() would give one. `unchanged` and `moving`: the picture stands still, or moves again. */
export type Signal = 'frame' | 'unchanged' | 'moving'

export interface ConnectionParts {
  readonly name: string
  readonly url: CameraUrl
  readonly options: CameraOptions
  readonly launch: string
  readonly mode: 'newest' | 'every'
  /** Its end is an end, not a failure, and once it has begun nothing watches its pace. */
  readonly recording: boolean
  /** The first frames' stream. */
  readonly stream: StreamId
  /** Another, for a time line that restarts. */
  readonly newStreamId: () => StreamId
  readonly clock: FrameClock
  readonly pictureSide: number
  readonly native: { readonly open: typeof open }
  readonly log: Log
  readonly scheduler: SchedulerLike
  /** Milliseconds that never jump, from any origin. */
  readonly elapsedMs: () => number
  /** Called before the first signal. */
  readonly onOpen: (connection: Connection) => void
}

/** What can be done with an open connection; after its end take() gives null. */
export interface Connection {
  take(): Frame | null
  stats(): Pipeline['stats']
  /** Resolves when, after the end, threads and descriptors are gone. */
  readonly stopped: Promise<void>
}

/** Often enough that a stall is noticed within a tenth more than its time. */
const watchEveryMs = ({ stallAfterMs, connectTimeoutMs }: CameraOptions): number =>
  Math.min(500, Math.max(20, Math.min(stallAfterMs, connectTimeoutMs) / 10))

/**
 * One opening of a camera, on subscription. Completes when a recording has given its last frame; fails with a
 * RollcallError when the source fails, stalls, or a camera's stream ends. Unsubscribing stops the pipeline.
 */
export const connect = (parts: ConnectionParts): Observable<Signal> =>
  new Observable<Signal>((subscriber) => {
    const { name, url, options, mode, recording, log, scheduler } = parts
    const watchdog = createWatchdog(options, parts.elapsedMs())
    const stopped = Promise.withResolvers<void>()
    let warning: StreamMessage | null = null
    /** A frame was announced and not taken. */
    let waiting = false
    let ending = false
    let still = false
    let { stream } = parts

    const onEnd = (): void => {
      if (!recording) {
        subscriber.error(
          warning ? streamError(url, warning) : new RollcallError('CAMERA_LOST', 'the camera ended the stream'),
        )
      } else if (mode === 'newest' && waiting) {
        ending = true
      } else {
        subscriber.complete()
      }
    }

    const onEvent = (event: PipelineEvent): void => {
      if (subscriber.closed) return
      switch (event.type) {
        case 'frame':
          waiting = true
          subscriber.next('frame')
          break
        case 'warning':
          warning = event
          log.debug({ camera: name, element: event.element }, redactText(`${event.message} ${event.debug}`, url))
          break
        case 'error':
          subscriber.error(streamError(url, event))
          break
        case 'eos':
          onEnd()
          break
      }
    }

    let pipeline: Pipeline
    try {
      pipeline = parts.native.open({ launch: parts.launch, mode, pictureSide: parts.pictureSide, onEvent })
    } catch (error) {
      stopped.resolve()
      parts.onOpen({ take: () => null, stats: () => noStats, stopped: stopped.promise })
      subscriber.error(launchError(url, error))
      return undefined
    }

    const take = (): Frame | null => {
      if (subscriber.closed) return null
      waiting = false
      try {
        const native = pipeline.take()
        if (native === null) return null
        if (!recording) watchdog.saw(native.picture, parts.elapsedMs())
        const { restarts, ...times } = parts.clock.stamp(native, parts.elapsedMs())
        if (restarts) {
          stream = parts.newStreamId()
          log.warn({ camera: name, stream }, 'a clock has jumped: the time line of the camera begins anew')
        }
        return toFrame(name, stream, times, native)
      } catch (error) {
        log.warn({ camera: name, error: redactText(String(error), url) }, 'a frame could not be taken')
        return null
      } finally {
        // Not at once: the caller has to have the frame before it hears that it was the last.
        if (ending) subscriber.add(scheduler.schedule(() => subscriber.complete()))
      }
    }

    const watch = (): void => {
      const { sinceLastFrameMs } = pipeline.stats
      // A recording is read as fast as frames are taken: only its beginning has a pace. It is watched because GStreamer
      // 1.22's parsebin loses the error of a demuxer now and then, and is silent for ever.
      if (recording && sinceLastFrameMs !== null) {
        watching.unsubscribe()
        return
      }
      const health = watchdog.health(parts.elapsedMs(), sinceLastFrameMs)
      if (health === 'timeout') {
        const seconds = options.connectTimeoutMs / 1000
        const what = recording ? ': it is damaged, or holds no video' : ''
        subscriber.error(new RollcallError('CAMERA_TIMEOUT', `no picture within ${seconds} s${what}`))
      } else if (health === 'stalled') {
        const seconds = options.stallAfterMs / 1000
        subscriber.error(new RollcallError('CAMERA_STALLED', `no new picture for ${seconds} s`))
      } else if (still !== (health === 'unchanged')) {
        still = !still
        subscriber.next(still ? 'unchanged' : 'moving')
      }
    }

    parts.onOpen({ take, stats: () => pipeline.stats, stopped: stopped.promise })
    const watching = interval(watchEveryMs(options), scheduler).subscribe(watch)
    subscriber.add(watching)
    return () => {
      pipeline.stop().then(stopped.resolve, stopped.reject)
    }
  })

const noStats: Pipeline['stats'] = {
  decoded: 0,
  taken: 0,
  dropped: 0,
  accessUnitsDropped: 0,
  sinceLastFrameMs: null,
}
