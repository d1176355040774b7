import { type Observable, throwError } from 'rxjs'
import { RollcallError } from '../errors.ts'
import type { CameraId } from '../types.ts'
import type { Attempts } from './attempts.ts'
import { createBackoff } from './backoff.ts'
import type { CameraDeps } from './camera-deps.ts'
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

/** A camera is always opened again, after a wait; a recording only to change from a hardware to a software decoder. */
export const createReconnectPolicy = (
  name: CameraId,
  { isRecording }: CameraSource,
  options: CameraOptions,
  deps: Pick<CameraDeps, 'log' | 'random' | 'elapsedMs'>,
  { attempts, report }: { readonly attempts: Attempts; readonly report: CameraReport },
): ReconnectPolicy => {
  const { log, elapsedMs } = deps
  const backoff = createBackoff(options.backoff, deps.random)
  let onlineAtMs: number | null = null

  return {
    online: () => {
      onlineAtMs = elapsedMs()
    },
    again: (error) => {
      const failure = asRollcallError(error)
      const { code } = failure
      const cause = failure.cause instanceof Error ? failure.cause.message : undefined
      log.debug({ camera: name, code, cause }, failure.message)
      if (code === 'CAMERA_FORMAT' && attempts.giveUpHardware()) {
        log.warn({ camera: name }, 'the hardware decoder refuses this stream: decoding in software')
        attempts.settle()
        return attempts.closed(0)
      }
      if (isRecording) return throwError(() => failure)

      if (code === 'CAMERA_STALLED') report.say('frozen', failure.message, { code })
      backoff.wasOnline(onlineAtMs === null ? 0 : elapsedMs() - onlineAtMs)
      onlineAtMs = null
      attempts.settle()
      // Cameras lock out users who try a wrong password too often.
      const retryInMs = code === 'CAMERA_UNAUTHORIZED' ? backoff.longestMs() : backoff.nextMs()
      report.say('offline', reasonOf(failure), { code, retryInMs })
      return attempts.closed(retryInMs)
    },
  }
}

/** The error itself, or a PIPELINE error with it as the cause. */
export const asRollcallError = (error: unknown): RollcallError =>
  error instanceof RollcallError ? error : new RollcallError('PIPELINE', String(error), { cause: error })

/** The reason of a change, for people: what is wrong, and what to do about it. */
export const reasonOf = ({ message, remedy }: RollcallError): string => (remedy ? `${message} — ${remedy}` : message)
