import { interval, type Subscription } from 'rxjs'
import type { Pipeline } from '../../native/index.js'
import type { CameraFailure } from './camera-failure.ts'
import type { ConnectionParts } from './connection-parts.ts'
import type { CameraOptions } from './options.ts'
import { noMorePictures, noPicture, rareKeyFrames, type Silence } from './watch-failure.ts'
import type { Health, Watchdog } from './watchdog.ts'

/** A health with which a connection goes on. */
export type HealthSignal = Extract<Health, 'moving' | 'unchanged' | 'keyless' | 'overloaded'>

/** Who is told of a connection's health. */
export interface HealthListener {
  /** It is `moving` to begin with. */
  changed(health: HealthSignal): void
  /** The connection is over. */
  failed(failureOf: (silence: Silence) => CameraFailure): void
}

/** A stall is noticed within a tenth more than its time. */
export const watchEveryMs = ({ stallAfterMs, connectTimeoutMs }: CameraOptions): number =>
  Math.min(500, Math.max(20, Math.min(stallAfterMs, connectTimeoutMs) / 10))

const isSignal = (health: Health): health is HealthSignal =>
  health === 'moving' || health === 'unchanged' || health === 'keyless' || health === 'overloaded'

/** Looks at the connection's health at intervals: tells when it changes, and fails when it is over. */
export const watchHealth = (
  parts: ConnectionParts,
  pipeline: Pipeline,
  watchdog: Watchdog,
  listener: HealthListener,
): Subscription => {
  let last: Health = 'moving'
  const watching = interval(watchEveryMs(parts.options), parts.scheduler).subscribe(() => {
    const { stats } = pipeline
    // A recording is read as fast as its frames are taken, so only its beginning can be late.
    if (parts.recording && stats.sinceLastFrameMs !== null) {
      watching.unsubscribe()
      return
    }
    const nowMs = parts.elapsedMs()
    const health = watchdog.health(nowMs, stats)
    if (health === 'timeout' || health === 'stalled') {
      watching.unsubscribe()
      listener.failed(health === 'timeout' ? noPicture : noMorePictures)
    } else if (isSignal(health) && health !== last) {
      last = health
      listener.changed(health)
    }
    if (!parts.recording) warnOfRareKeys(parts, stats, watchdog.withoutKeyMs(nowMs))
  })
  return watching
}

/** Key frames that are further apart are worth a line. Cameras send one every 1–4 s, and x264 every 10 s, by default. */
const RARE_KEYS_MS = 15_000

const warnOfRareKeys = (
  { options, warnOfKeys }: ConnectionParts,
  { keyEveryMs, sinceLastUnitMs }: Pipeline['stats'],
  withoutKeyMs: number,
): void => {
  const isSending = sinceLastUnitMs !== null && sinceLastUnitMs < options.stallAfterMs
  const everyMs = Math.max(keyEveryMs ?? 0, isSending ? withoutKeyMs : 0)
  if (everyMs > RARE_KEYS_MS) warnOfKeys(rareKeyFrames(everyMs, options))
}
