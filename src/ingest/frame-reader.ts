import type { Pipeline } from '../../native/index.js'
import type { Frame } from '../types.ts'
import { redactText } from './camera-url.ts'
import type { ConnectionParts } from './connection-parts.ts'
import { toFrame } from './frame.ts'
import type { Watchdog } from './watchdog.ts'

/** Takes frames and gives them their times. A clock that has jumped begins a new stream. Never throws. */
export const frameReader = (
  parts: Pick<
    ConnectionParts,
    'name' | 'url' | 'log' | 'stream' | 'recording' | 'clock' | 'time' | 'openedAtMs' | 'elapsedMs' | 'newStreamId'
  >,
  pipeline: Pipeline,
  watchdog: Watchdog,
): (() => Frame | null) => {
  const { name, url, log } = parts
  let { stream } = parts
  let takenAtMs = parts.openedAtMs
  /** When a frame was decoded, by the monotonic clock. It has waited since, but not for longer than since the last was taken. */
  const decodedAt = (arrivedAtMs: number): number => {
    const nowMs = parts.elapsedMs()
    const waitedMs = Math.min(Math.max(0, parts.time.nowMs() - arrivedAtMs), nowMs - takenAtMs)
    takenAtMs = nowMs
    return nowMs - waitedMs
  }
  return () => {
    try {
      const native = pipeline.take()
      if (native === null) return null
      if (!parts.recording) watchdog.saw(native.picture, parts.elapsedMs())
      const { restarts, ...times } = parts.clock.stamp(native, decodedAt(native.arrivedAtMs))
      if (restarts) {
        stream = parts.newStreamId()
        log.warn(
          { camera: name, stream },
          'the time line of the camera begins anew: a clock has jumped, or the camera has told its own time',
        )
      }
      return toFrame(name, stream, times, native)
    } catch (error) {
      log.warn({ camera: name, error: redactText(String(error), url) }, 'a frame could not be taken')
      return null
    }
  }
}
