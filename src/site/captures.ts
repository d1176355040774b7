import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { FromVision } from '../ipc/messages.ts'
import type { CameraId, Capture } from '../types.ts'
import type { VisionPool } from './vision-pool.ts'

/** A capture and the events of its time. */
export interface CapturedCamera {
  readonly capture: Capture
  readonly events: readonly RollcallEvent[]
}

/** Asks vision processes for the last seconds of their cameras, one capture at a time. */
export interface Captures {
  /**
   * Rejects with CAMERA_NOT_FOUND, with STATE while another capture is under way or when the process does not answer, and
   * with what `capture` throws.
   */
  capture(camera: CameraId, forMs: number): Promise<CapturedCamera>
  /** A vision process has answered. */
  answered(message: FromVision & { readonly type: 'captured' }): void
  /** The vision process of these cameras has died, and what it kept with it. */
  lost(cameras: readonly CameraId[]): void
}

/** What the captures need of the site. */
export interface CapturesParts {
  readonly pool: Pick<VisionPool, 'workerOf'>
  readonly isConfigured: (camera: CameraId) => boolean
  /** The events of the last `ageMs` that name the camera or none. */
  readonly recentEvents: (camera: CameraId, ageMs: number) => readonly RollcallEvent[]
  readonly nowMs: () => number
  readonly waitMs: (ms: number) => Promise<void>
}

/** Beyond the time that is captured: to look, to write and to send it. */
const PATIENCE_MS = 10_000
/** The events of the last picture come later than the picture. */
const EVENTS_LATER_MS = 1000

/** Prepares captures; nothing is kept for them but the ring that each camera has anyway. */
export const createCaptures = (parts: CapturesParts): Captures => {
  let lastId = 0
  let waiting: {
    readonly id: number
    readonly camera: CameraId
    readonly answer: PromiseWithResolvers<Capture>
  } | null = null

  const ask = async (camera: CameraId, forMs: number): Promise<Capture> => {
    const worker = parts.pool.workerOf(camera)
    if (worker === undefined || worker.isWaiting) throw notRunning(camera)
    const id = ++lastId
    const answer = Promise.withResolvers<Capture>()
    waiting = { id, camera, answer }
    const late = setTimeout(() => answer.reject(notRunning(camera)), forMs + PATIENCE_MS)
    try {
      worker.send({ type: 'capture', id, camera, forMs })
      return await answer.promise
    } finally {
      clearTimeout(late)
      waiting = null
    }
  }
  return {
    capture: async (camera, forMs) => {
      if (!parts.isConfigured(camera))
        throw new RollcallError('CAMERA_NOT_FOUND', `there is no camera "${camera}"`, {
          remedy: 'rollcall cameras list or GET /api/cameras lists them.',
        })
      if (waiting !== null)
        throw new RollcallError('STATE', `camera ${waiting.camera} is being captured; one capture is made at a time`, {
          remedy: 'Try again when it is done.',
        })
      const capture = await ask(camera, forMs)
      await parts.waitMs(EVENTS_LATER_MS)
      return { capture, events: parts.recentEvents(camera, parts.nowMs() - capture.arrivedMs[0]) }
    },
    answered: ({ id, capture }) => {
      if (waiting?.id !== id) return
      if ('video' in capture) waiting.answer.resolve(capture)
      else {
        const { code, message, remedy } = capture
        waiting.answer.reject(new RollcallError(code, message, { remedy }))
      }
    },
    lost: (cameras) => {
      if (waiting !== null && cameras.includes(waiting.camera)) waiting.answer.reject(notRunning(waiting.camera))
    },
  }
}

const notRunning = (camera: CameraId): RollcallError =>
  new RollcallError('STATE', `camera ${camera}: its vision process does not answer, and what it kept is gone with it`, {
    remedy: 'Try again in a few seconds; the log says why it ended.',
  })
