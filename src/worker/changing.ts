import { describeError } from '../errors.ts'
import type { Cameras } from '../ingest/cameras.ts'
import type { CameraId, Log } from '../types.ts'
import type { WorkerStart } from './worker.ts'

/** Who opens and drops cameras, and who is told. */
export interface ChangingParts {
  readonly cameras: Cameras
  readonly log: Log
  /** A camera was opened. */
  readonly opened: (camera: CameraId) => void
  /** A camera is gone. */
  readonly forget: (camera: CameraId) => Promise<void>
  /** The session of a camera that was dropped is over. */
  readonly dropped: (camera: CameraId) => void
}

/** Opens and drops cameras while others run, one after the other: the same name may come again. */
export const changing = ({ cameras, log, opened, forget, dropped }: ChangingParts) => {
  let last: Promise<void> = Promise.resolve()
  const next = (camera: CameraId, what: 'opened' | 'dropped', work: () => Promise<void>): void => {
    last = last
      .then(work)
      .catch((error: unknown) => log.error({ camera, error: describeError(error) }, `the camera cannot be ${what}`))
  }
  return {
    open: ({ config, cameras: names }: WorkerStart): void => {
      for (const name of names)
        next(name, 'opened', async () => {
          await cameras.add({ name, options: config.cameras[name] })
          opened(name)
        })
    },
    drop: (camera: CameraId): void =>
      next(camera, 'dropped', async () => {
        await cameras.remove(camera)
        if (cameras.find(camera) === undefined) await forget(camera)
        dropped(camera)
      }),
  }
}
