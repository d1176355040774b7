import type { Config } from '../../config/config.ts'
import type { GivenCamera } from '../../config/one-camera.ts'
import { RollcallError } from '../../errors.ts'
import type { CameraId, Log } from '../../types.ts'
import type { CameraFile, SavedCameras } from './saved-cameras.ts'
import { type FoundCameras, findCameras, type SiteCamera } from './site-camera.ts'

/** Which cameras there are: those of the configuration, and those in the file. */
export interface KeptCameras {
  readonly all: () => FoundCameras['cameras']
  readonly defaults: () => Config['cameraDefaults']
  /** Throws CAMERA_NOT_FOUND. */
  readonly get: (name: CameraId) => SiteCamera
  /** One that is in the file. Throws CAMERA_NOT_FOUND, and STATE for one of the configuration. */
  readonly own: (name: CameraId) => SiteCamera & { readonly given: GivenCamera }
  /** Whether the name is taken, by one that cannot be opened too. */
  isTaken(name: CameraId): boolean
  /** What is wrong with cameras that were added, in words. */
  readonly problems: () => readonly string[]
  /** Writes first: what cannot be kept does not happen. Throws STATE for recordings. */
  readonly keep: (change: (saved: SavedCameras) => SavedCameras) => void
  /** Writes one camera; null removes it. Throws as `keep`. */
  readonly keepCamera: (name: CameraId, camera: SavedCameras['cameras'][string] | null) => void
  /** Takes over what is kept elsewhere. Returns the cameras of before. */
  adopt(saved: SavedCameras): FoundCameras['cameras']
  /** Takes over another configuration. Returns the cameras of before. */
  configure(config: Pick<Config, 'cameras' | 'cameraDefaults'>): FoundCameras['cameras']
}

/** What the cameras are read from. */
export interface KeptCamerasParts {
  readonly config: Pick<Config, 'cameras' | 'cameraDefaults'>
  readonly file: CameraFile
  /** Recordings are read to their end: the file is neither read nor written. */
  readonly untilEnd: boolean
  readonly log: Log
}

/** Reads which cameras there are. Logs what is wrong with those that were added, once. */
export const createKeptCameras = ({ file, untilEnd, log, ...parts }: KeptCamerasParts): KeptCameras => {
  let { config } = parts
  let found = findCameras(config, untilEnd ? { cameras: {}, paused: [] } : file.now())
  const broken = untilEnd ? null : file.broken
  const complain = (problems: readonly string[]): void => {
    for (const problem of problems) log.warn({}, problem)
  }
  if (broken !== null) log.error({ error: broken }, 'cameras that were added are not opened')
  complain(found.problems)

  const get = (name: CameraId): SiteCamera => {
    const camera = found.cameras.get(name)
    if (camera !== undefined) return camera
    throw new RollcallError('CAMERA_NOT_FOUND', `there is no camera "${name}"`, {
      remedy: 'rollcall cameras list or GET /api/cameras lists them.',
    })
  }
  const keep: KeptCameras['keep'] = (change) => {
    if (untilEnd)
      throw new RollcallError('STATE', 'recordings are read to their end: cameras do not change', {
        remedy: 'Run without --until-end.',
      })
    file.write(change(file.now()))
    found = findCameras(config, file.now())
  }
  return {
    all: () => found.cameras,
    defaults: () => config.cameraDefaults,
    get,
    own: (name) => {
      const camera = get(name)
      if (camera.given !== null) return { ...camera, given: camera.given }
      throw new RollcallError('STATE', `camera ${name} is in the configuration, which Rollcall never writes`, {
        remedy: 'Change it there and send SIGHUP (rollcall reads it again), or pause it here.',
      })
    },
    isTaken: (name) => found.cameras.has(name) || Object.hasOwn(file.now().cameras, name),
    problems: () => [...(broken === null ? [] : [broken]), ...found.problems],
    keep,
    keepCamera: (name, camera) =>
      keep((saved) => {
        const { [name]: _, ...others } = saved.cameras
        return { ...saved, cameras: camera === null ? others : { ...others, [name]: camera } }
      }),
    adopt: (saved) => {
      const before = found.cameras
      keep(() => saved)
      return before
    },
    configure: (next) => {
      const before = found
      config = next
      found = findCameras(config, file.now())
      complain(found.problems.filter((problem) => !before.problems.includes(problem)))
      return before.cameras
    },
  }
}
