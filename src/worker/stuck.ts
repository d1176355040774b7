import type { Stuck } from '../ipc/messages.ts'
import type { CameraChange, CameraId, CameraState } from '../types.ts'

/** What a camera has done so far. */
export interface Counts {
  readonly decoded: number
  readonly analysed: number
  /** Connections that have not stopped. */
  readonly pipelines: number
  /** Whether it could send another record. */
  readonly hasRoom: boolean
  /** False for a recording that is read without loss: its decoder waits for nothing but us. */
  readonly live: boolean
}

/** Finds cameras that make no progress in a process that works. */
export interface StuckWatch {
  note(change: CameraChange): void
  /** From now on this camera is watched, too; from its beginning when it was before. */
  watch(camera: CameraId): void
  forget(camera: CameraId): void
  /** Called at intervals: the cameras that are stuck now. */
  look(): readonly Stuck[]
}

/** A pipeline stops within a second or two, also on a busy machine. */
const STOP_PATIENCE_MS = 15_000
/** A frame of a recording may take long to decode, or to read over a network. */
const PROGRESS_PATIENCE_MS = 60_000

interface Progress {
  state: CameraState
  decoded: number
  analysed: number
  /** Since when it might have made progress, and has not. */
  sinceMs: number
}

/**
 * A camera is stuck when its pipeline does not stop; when a recording gives no frame though it has credit; and when
 * frames come and are not analysed. `nowMs` is a monotonic clock.
 */
export const createStuckWatch = (
  cameras: readonly CameraId[],
  counts: (camera: CameraId) => Counts,
  nowMs: () => number,
): StuckWatch => {
  const all = new Map<CameraId, Progress>()
  const watch = (camera: CameraId): void =>
    void all.set(camera, { state: 'opening', decoded: 0, analysed: 0, sinceMs: nowMs() })
  for (const camera of cameras) watch(camera)
  const look = (camera: CameraId, progress: Progress): string | null => {
    const { decoded, analysed, pipelines, hasRoom, live } = counts(camera)
    const isOn = progress.state === 'online' || progress.state === 'frozen' || progress.state === 'overloaded'
    const isStopping = progress.state === 'offline' && pipelines > 0
    const waitsForFrames = isOn && !live && hasRoom && decoded === progress.decoded && analysed === progress.analysed
    const waitsForAnalysis = isOn && hasRoom && decoded > progress.decoded && analysed === progress.analysed
    if (!isStopping && !waitsForFrames && !waitsForAnalysis)
      Object.assign(progress, { decoded, analysed, sinceMs: nowMs() })
    const forMs = nowMs() - progress.sinceMs
    if (isStopping) return forMs >= STOP_PATIENCE_MS ? 'its decoder does not return' : null
    if (forMs < PROGRESS_PATIENCE_MS) return null
    const seconds = `for ${PROGRESS_PATIENCE_MS / 1000} s`
    return waitsForFrames ? `its decoder gives no picture ${seconds}` : `its pictures are not analysed ${seconds}`
  }
  return {
    note: ({ camera, state }) => {
      const progress = all.get(camera)
      if (progress === undefined || progress.state === state) return
      progress.state = state
      progress.sinceMs = nowMs()
    },
    watch,
    forget: (camera) => void all.delete(camera),
    look: () =>
      [...all].flatMap(([camera, progress]) => {
        const reason = look(camera, progress)
        return reason === null ? [] : { camera, reason }
      }),
  }
}
