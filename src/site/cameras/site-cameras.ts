import type { Config } from '../../config/config.ts'
import {
  changedCamera,
  checkCameraName,
  type GivenCamera,
  readCamera,
  withLoginApart,
} from '../../config/one-camera.ts'
import { RollcallError } from '../../errors.ts'
import type { CameraChange, CameraId, Log } from '../../types.ts'
import type { SiteStatus } from '../status.ts'
import type { VisionPool } from '../vision-pool.ts'
import type { CameraFile, SavedCameras } from './saved-cameras.ts'
import { type FoundCameras, findCameras, pausedChange, runningOf, type SiteCamera } from './site-camera.ts'

/** The cameras of a running site: of the configuration, and added while it runs. Changing one touches no other. */
export interface SiteCameras {
  has(name: CameraId): boolean
  /** Throws CAMERA_NOT_FOUND. */
  get(name: CameraId): SiteCamera
  all(): readonly SiteCamera[]
  /** The options of those that are not paused. */
  running(): Config['cameras']
  /** What is wrong with cameras that were added, in words; empty when nothing is. */
  problems(): readonly string[]
  /** Whether cameras that are added are there after a restart. */
  readonly isKept: boolean
  /** Throws USAGE for a wrong name or key, CAMERA_URL, and STATE when the name is taken. */
  add(name: unknown, given: GivenCamera, by: string): SiteCamera
  /** Throws CAMERA_NOT_FOUND, USAGE, CAMERA_URL, and STATE for one of the configuration. */
  edit(name: CameraId, changes: GivenCamera, by: string): SiteCamera
  /** Throws CAMERA_NOT_FOUND, and STATE for one of the configuration. */
  remove(name: CameraId, by: string): void
  /** Pauses or resumes a camera, of the configuration too. Does nothing when it is so. Throws CAMERA_NOT_FOUND. */
  pause(name: CameraId, paused: boolean, by: string): SiteCamera
  /** Takes over the cameras of a configuration. Returns what has changed, as `cameras.door (added)`. */
  reload(config: Pick<Config, 'cameras' | 'cameraDefaults'>): readonly string[]
}

/** What the cameras need of the site. */
export interface SiteCamerasParts {
  readonly config: Pick<Config, 'cameras' | 'cameraDefaults'>
  readonly file: CameraFile
  /** Recordings are read to their end: nothing is added to them. */
  readonly untilEnd: boolean
  readonly pool: () => Pick<VisionPool, 'open' | 'close'>
  readonly status: Pick<SiteStatus, 'add' | 'remove'>
  /** Passes on a change that the site itself makes. */
  readonly say: (change: CameraChange) => void
  /** A camera is gone: nothing of it is shown any more. */
  readonly forget: (camera: CameraId) => void
  readonly nowMs: () => number
  readonly log: Log
}

/** More than any machine analyses. */
const mostCameras = 1000

/** Prepares the cameras of a site. Logs what is wrong with those that were added, once. */
export const createSiteCameras = (parts: SiteCamerasParts): SiteCameras => {
  const { file, status, untilEnd } = parts
  let { config } = parts
  let found: FoundCameras = findCameras(config, untilEnd ? { cameras: {}, paused: [] } : file.now())
  const complain = (problems: readonly string[]): void => {
    for (const problem of problems) parts.log.warn({}, problem)
  }
  if (file.broken !== null && !untilEnd)
    parts.log.error({ error: file.broken }, 'cameras that were added are not opened')
  complain(found.problems)

  const get = (name: CameraId): SiteCamera => {
    const camera = found.cameras.get(name)
    if (camera !== undefined) return camera
    throw new RollcallError('CAMERA_NOT_FOUND', `there is no camera "${name}"`, {
      remedy: 'GET /api/cameras lists them.',
    })
  }
  /** Writes first: what cannot be kept does not happen. */
  const keep = (change: (saved: SavedCameras) => SavedCameras): void => {
    if (untilEnd)
      throw new RollcallError('STATE', 'recordings are read to their end: cameras do not change', {
        remedy: 'Run without --until-end.',
      })
    file.write(change(file.now()))
    found = findCameras(config, file.now())
  }
  const keepCamera = (name: CameraId, camera: SavedCameras['cameras'][string] | null): void =>
    keep((saved) => {
      const { [name]: _, ...others } = saved.cameras
      return { ...saved, cameras: camera === null ? others : { ...others, [name]: camera } }
    })
  const own = (name: CameraId): SiteCamera & { readonly given: GivenCamera } => {
    const camera = get(name)
    if (camera.given !== null) return { ...camera, given: camera.given }
    throw new RollcallError('STATE', `camera ${name} is in the configuration, which is not written`, {
      remedy: 'Change it there and send SIGHUP (rollcall reads it again), or pause it here.',
    })
  }
  const say = (camera: CameraId, change: Omit<CameraChange, 'camera' | 'atMs'>): void =>
    parts.say({ camera, atMs: parts.nowMs(), ...change })
  const open = ({ name, options }: SiteCamera, reason: string): void => {
    parts.pool().open(name, options)
    say(name, { state: 'opening', reason })
  }
  const stop = (name: CameraId, reason: string): void => {
    parts.pool().close(name)
    say(name, { state: 'offline', reason, code: 'CAMERA_PAUSED' })
  }
  const forget = (name: CameraId, reason: string): void => {
    parts.pool().close(name)
    say(name, { state: 'ended', reason, code: 'CAMERA_REMOVED' })
    status.remove(name)
    parts.forget(name)
  }
  const enter = (camera: SiteCamera, reason: string): void => {
    status.add(camera.name, camera.paused ? pausedChange(camera.name, parts.nowMs()) : undefined)
    if (!camera.paused) open(camera, reason)
  }

  return {
    has: (name) => found.cameras.has(name),
    get,
    all: () => [...found.cameras.values()],
    running: () => runningOf(found.cameras),
    problems: () => [...(file.broken === null || untilEnd ? [] : [file.broken]), ...found.problems],
    isKept: file.path !== null && file.broken === null,
    add: (given, keys, by) => {
      const name = checkCameraName(given)
      if (found.cameras.has(name) || Object.hasOwn(file.now().cameras, name))
        throw new RollcallError('STATE', `there is a camera ${name} already`, {
          remedy: 'Give it another name, or change the one that is there.',
        })
      if (found.cameras.size >= mostCameras)
        throw new RollcallError('STATE', `there are ${mostCameras} cameras already`, { remedy: 'Remove one.' })
      readCamera(name, keys, config.cameraDefaults)
      const camera = withLoginApart(keys)
      keepCamera(name, { paused: false, camera })
      enter(get(name), `added${byWhom(by)}`)
      return get(name)
    },
    edit: (name, changes, by) => {
      const before = own(name)
      const changed = changedCamera(name, before.given, changes)
      readCamera(name, changed, config.cameraDefaults)
      const camera = withLoginApart(changed)
      keepCamera(name, { paused: before.paused, camera })
      const after = get(name)
      if (!after.paused && !isSame(before, after)) open(after, `changed${byWhom(by)}`)
      return after
    },
    remove: (name, by) => {
      own(name)
      keepCamera(name, null)
      forget(name, `removed${byWhom(by)}`)
    },
    pause: (name, paused, by) => {
      const before = get(name)
      if (before.paused === paused) return before
      if (before.given !== null) keepCamera(name, { paused, camera: before.given })
      else
        keep((saved) => {
          const others = saved.paused.filter((each) => each !== name && found.cameras.get(each)?.source === 'file')
          return { ...saved, paused: paused ? [...others, name] : others }
        })
      const after = get(name)
      if (paused) stop(name, `paused${byWhom(by)}`)
      else open(after, `resumed${byWhom(by)}`)
      return after
    },
    reload: (next) => {
      if (untilEnd) return []
      const before = found
      config = next
      found = findCameras(config, file.now())
      complain(found.problems.filter((problem) => !before.problems.includes(problem)))
      return takeOver(before.cameras, found.cameras, { enter, open, stop, forget })
    },
  }
}

/** ` by anna`; nothing where nobody has to say who it is. */
const byWhom = (by: string): string => (by === 'anybody' ? '' : ` by ${by}`)

const isSame = (a: SiteCamera, b: SiteCamera): boolean => JSON.stringify(a.options) === JSON.stringify(b.options)

/** Makes of the cameras before those after, one by one. */
const takeOver = (
  before: ReadonlyMap<CameraId, SiteCamera>,
  after: ReadonlyMap<CameraId, SiteCamera>,
  act: {
    enter(camera: SiteCamera, reason: string): void
    open(camera: SiteCamera, reason: string): void
    stop(name: CameraId, reason: string): void
    forget(name: CameraId, reason: string): void
  },
): readonly string[] => {
  const gone = [...before.keys()].filter((name) => !after.has(name))
  for (const name of gone) act.forget(name, 'no longer in the configuration')
  const told = gone.map((name) => `cameras.${name} (removed)`)
  for (const camera of after.values()) {
    const old = before.get(camera.name)
    if (old !== undefined && isSame(old, camera) && old.paused === camera.paused) continue
    told.push(`cameras.${camera.name} (${old === undefined ? 'added' : 'changed'})`)
    if (old === undefined) act.enter(camera, 'added to the configuration')
    else if (!camera.paused) act.open(camera, 'changed in the configuration')
    else if (!old.paused) act.stop(camera.name, 'paused')
  }
  return told
}
