import type { CameraId } from '../types.ts'
import type { VisionPool, Worker, WorkerMessage } from './vision-pool.ts'

/** Closes cameras of a pool, and says when their sessions are over. */
export interface Closings {
  /** Takes the camera from the pool. Resolves when its worker has closed it, or is gone. */
  close(camera: CameraId): Promise<void>
  note(message: WorkerMessage): void
}

/** Nothing is being closed yet. */
export const createClosings = (pool: Pick<VisionPool, 'workerOf' | 'close'>): Closings => {
  const waiting = new Map<CameraId, { readonly worker: Worker; readonly resolve: () => void }>()
  return {
    close: (camera) => {
      const worker = pool.workerOf(camera)
      if (!pool.close(camera) || worker === undefined) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(camera, { worker, resolve })
      return promise
    },
    note: ({ from, message }) => {
      const isGone = message.type === 'died' || message.type === 'over'
      for (const [camera, { worker, resolve }] of waiting)
        if (worker === from && (isGone || (message.type === 'dropped' && message.camera === camera))) {
          waiting.delete(camera)
          resolve()
        }
    },
  }
}
