import type { Config } from '../../config/config.ts'
import { checkCameraName, type GivenCamera, readCamera } from '../../config/one-camera.ts'
import { describeError } from '../../errors.ts'
import type { CameraChange, CameraId } from '../../types.ts'
import type { SavedCameras } from './saved-cameras.ts'

/** A camera of the site, whether it runs or is paused. */
export interface SiteCamera {
  readonly name: CameraId
  /** `file`: the configuration or the command line names it, and only there it is changed. `state`: it was added at run time. */
  readonly source: 'file' | 'state'
  readonly paused: boolean
  readonly options: Config['cameras'][string]
  /** The keys as they were given; null for a camera of the configuration. */
  readonly given: GivenCamera | null
}

/** All cameras, and what is wrong with those that were added, in words. */
export interface FoundCameras {
  readonly cameras: ReadonlyMap<CameraId, SiteCamera>
  readonly problems: readonly string[]
}

/** Puts together the cameras of the configuration and those that were added. A name in both is the configuration's. */
export const findCameras = (
  config: Pick<Config, 'cameras' | 'cameraDefaults'>,
  { cameras: added, paused }: SavedCameras,
): FoundCameras => {
  const problems: string[] = []
  const cameras = new Map<CameraId, SiteCamera>()
  for (const [name, options] of Object.entries(config.cameras))
    cameras.set(name, { name, source: 'file', paused: paused.includes(name), options, given: null })
  for (const [name, saved] of Object.entries(added)) {
    if (cameras.has(name)) {
      problems.push(`camera ${name} is in the configuration and was added, too: the configuration counts`)
      continue
    }
    try {
      checkCameraName(name)
      const options = readCamera(name, saved.camera, config.cameraDefaults)
      cameras.set(name, { name, source: 'state', paused: saved.paused, options, given: saved.camera })
    } catch (error) {
      problems.push(`camera ${name} was added and cannot be opened: ${describeError(error)}`)
    }
  }
  return { cameras, problems }
}

/** The cameras that are to run. */
export const runningOf = (cameras: ReadonlyMap<CameraId, SiteCamera>): Config['cameras'] =>
  Object.fromEntries([...cameras.values()].flatMap(({ name, paused, options }) => (paused ? [] : [[name, options]])))

/** The state of a camera that was paused before this run. */
export const pausedChange = (camera: CameraId, atMs: number): CameraChange => ({
  camera,
  state: 'offline',
  atMs,
  reason: 'paused',
  code: 'CAMERA_PAUSED',
})
