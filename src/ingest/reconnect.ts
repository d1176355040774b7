import { ignoreElements, merge, type Observable, share, takeUntil, tap, throwError, timer } from 'rxjs'
import { RollcallError, withRemedy } from '../errors.ts'
import type { CameraId } from '../types.ts'
import type { Attempts } from './attempts.ts'
import { createBackoff } from './backoff.ts'
import type { CameraDeps } from './camera-deps.ts'
import { retryRule } from './camera-failure.ts'
import type { CameraReport } from './camera-report.ts'
import type { CameraSource } from './camera-source.ts'
import type { CameraOptions } from './options.ts'

/** What follows when a connection has failed. */
export interface ReconnectPolicy {
  /** Notes that pictures arrive. How long they do decides how soon the camera is opened again. */
  online(): void
  /** Emits when the camera is to be opened again, or fails when it has ended. For rxjs' `retry`. */
  again(error: unknown): Observable<unknown>
}

/** After this time it is said that a connection does not stop. */
const STOP_PATIENCE_MS = 10_000

const neverStops =
  'the last connection does not stop, and there is never a second one — Restart Rollcall, and please report this with the log.'

/** A camera is always opened again, after a wait; a recording never. */
export const createReconnectPolicy = (
  name: CameraId,
  { isRecording }: CameraSource,
  options: CameraOptions,
  deps: Pick<CameraDeps, 'log' | 'random' | 'elapsedMs' | 'scheduler'>,
  { attempts, report }: { readonly attempts: Attempts; readonly report: CameraReport },
): ReconnectPolicy => {
  const { log, elapsedMs } = deps
  const backoff = createBackoff(options.backoff, deps.random)
  let onlineAtMs: number | null = null

  return {
    online: () => {
      onlineAtMs ??= elapsedMs()
    },
    again: (error) => {
      const failure = asRollcallError(error)
      const { code } = failure
      const cause = failure.cause instanceof Error ? failure.cause.message : undefined
      log.debug({ camera: name, code, cause }, failure.message)
      if (isRecording) return throwError(() => failure)

      if (code === 'CAMERA_STALLED') report.say('frozen', failure.message, { code })
      backoff.wasOnline(onlineAtMs === null ? 0 : elapsedMs() - onlineAtMs)
      onlineAtMs = null
      attempts.settle()
      const { retry, retryAfterMs = 0 } = retryRule(failure)
      const retryInMs = Math.max(retryAfterMs, retry === 'rarely' ? backoff.longestMs() : backoff.nextMs())
      report.say('offline', withRemedy(failure), { code, retryInMs })
      const closed = attempts.closed(retryInMs).pipe(share())
      const stuck = timer(retryInMs + STOP_PATIENCE_MS, deps.scheduler).pipe(
        tap(() => report.say('offline', neverStops, { code: 'PIPELINE' })),
        ignoreElements(),
        takeUntil(closed),
      )
      return merge(stuck, closed)
    },
  }
}

/** The error itself, or a PIPELINE error with it as the cause. */
export const asRollcallError = (error: unknown): RollcallError =>
  error instanceof RollcallError ? error : new RollcallError('PIPELINE', String(error), { cause: error })
