import type { Config } from '../../config/config.ts'
import {
  changedCamera,
  checkCameraName,
  type GivenCamera,
  readCamera,
  withLoginApart,
} from '../../config/one-camera.ts'
import { RollcallError } from '../../errors.ts'
import type { CameraChange, CameraId } from '../../types.ts'
import type { SiteStatus } from '../status.ts'
import type { VisionPool } from '../vision-pool.ts'
import { createKeptCameras, type KeptCameras, type KeptCamerasParts } from './kept-cameras.ts'
import type { SavedCameras } from './saved-cameras.ts'
import { pausedChange, runningOf, type SiteCamera } from './site-camera.ts'

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
  /** Throws USAGE for a wrong name or key, CAMERA_URL, and STATE when the name is taken, or cameras are opened elsewhere. */
  add(name: unknown, given: GivenCamera, by: string): SiteCamera
  /** Throws CAMERA_NOT_FOUND, USAGE, CAMERA_URL, and STATE for one of the configuration. */
  edit(name: CameraId, changes: GivenCamera, by: string): SiteCamera
  /** Throws CAMERA_NOT_FOUND, and STATE for one of the configuration. */
  remove(name: CameraId, by: string): void
  /** Pauses or resumes a camera, of the configuration too. Does nothing when it is so. Throws CAMERA_NOT_FOUND, and STATE as `add`. */
  pause(name: CameraId, paused: boolean, by: string): SiteCamera
  /** Takes over what Kafka has of added and paused cameras, instead of what was known here. */
  adopt(saved: SavedCameras): void
  /** Takes over the cameras of a configuration. Returns what has changed, as `cameras.door (added)`. */
  reload(config: Pick<Config, 'cameras' | 'cameraDefaults'>): readonly string[]
}

/** What the cameras need of the site. */
export interface SiteCamerasParts extends KeptCamerasParts {
  readonly pool: () => Pick<VisionPool, 'open' | 'close'>
  readonly status: Pick<SiteStatus, 'add' | 'remove'>
  /** Passes on a change that the site itself makes. */
  readonly say: (change: CameraChange) => void
  /** A camera is gone: nothing of it is shown any more. */
  readonly forget: (camera: CameraId) => void
  /** How cameras are changed that other processes open; left out where this site's own do. */
  readonly elsewhere?: CamerasElsewhere
  readonly nowMs: () => number
}

/** Cameras that vision processes elsewhere open. */
export interface CamerasElsewhere {
  /** Throws STATE while cameras cannot be changed here. */
  readonly check: () => void
  /** Throws USAGE for keys of a camera that may not be given away. */
  readonly checkKeys: (name: CameraId, keys: GivenCamera) => void
  /** As many cameras there may be. */
  readonly most: number
  /** Somebody has changed what is kept. */
  readonly changed: () => void
}

/** More than any machine analyses. */
const mostCameras = 1000

/** Prepares the cameras of a site. Logs what is wrong with those that were added, once. */
export const createSiteCameras = (parts: SiteCamerasParts): SiteCameras => {
  const { file, untilEnd } = parts
  const kept = createKeptCameras(parts)
  const { get, own } = kept
  const { elsewhere } = parts
  const keep: KeptCameras['keep'] = (change) => {
    kept.keep(change)
    elsewhere?.changed()
  }
  const keepCamera: KeptCameras['keepCamera'] = (name, camera) => {
    kept.keepCamera(name, camera)
    elsewhere?.changed()
  }
  const acts = createActs(parts)
  const checkHere = (): void => elsewhere?.check()
  return {
    has: (name) => kept.all().has(name),
    get,
    all: () => [...kept.all().values()],
    running: () => runningOf(kept.all()),
    problems: kept.problems,
    isKept: file.path !== null && file.broken === null,
    add: (given, keys, by) => {
      checkHere()
      const name = checkCameraName(given)
      checkRoom(kept, name, elsewhere?.most)
      readCamera(name, keys, kept.defaults())
      const camera = withLoginApart(keys)
      elsewhere?.checkKeys(name, camera)
      keepCamera(name, { paused: false, camera })
      acts.enter(get(name), `added${byWhom(by)}`)
      return get(name)
    },
    edit: (name, changes, by) => {
      checkHere()
      const before = own(name)
      const changed = changedCamera(name, before.given, changes)
      readCamera(name, changed, kept.defaults())
      const camera = withLoginApart(changed)
      elsewhere?.checkKeys(name, camera)
      keepCamera(name, { paused: before.paused, camera })
      const after = get(name)
      if (!after.paused && !isSame(before, after)) acts.open(after, `changed${byWhom(by)}`)
      return after
    },
    remove: (name, by) => {
      checkHere()
      own(name)
      keepCamera(name, null)
      acts.forget(name, `removed${byWhom(by)}`)
    },
    pause: (name, paused, by) => {
      checkHere()
      const before = get(name)
      if (before.paused === paused) return before
      if (before.given !== null) keepCamera(name, { paused, camera: before.given })
      else
        keep((saved) => {
          const others = saved.paused.filter((each) => each !== name && kept.all().get(each)?.source === 'file')
          return { ...saved, paused: paused ? [...others, name] : others }
        })
      const after = get(name)
      if (paused) acts.stop(name, `paused${byWhom(by)}`)
      else acts.open(after, `resumed${byWhom(by)}`)
      return after
    },
    adopt: (saved) => void takeOver(kept.adopt(saved), kept.all(), acts, 'the list in Kafka'),
    reload: (next) => (untilEnd ? [] : takeOver(kept.configure(next), kept.all(), acts, 'the configuration')),
  }
}

/** Throws STATE when the name is taken, or there are too many cameras. */
const checkRoom = (kept: KeptCameras, name: CameraId, most = mostCameras): void => {
  if (kept.isTaken(name))
    throw new RollcallError('STATE', `there is a camera ${name} already`, {
      remedy: 'Give it another name, or change the one that is there.',
    })
  if (kept.all().size >= most)
    throw new RollcallError('STATE', `there are ${most} cameras already`, { remedy: 'Remove one.' })
}

/** What a change means for the process that has the camera, and for who is told. */
interface CameraActs {
  /** The camera is new. */
  enter(camera: SiteCamera, reason: string): void
  /** It is opened, or opened anew with other options. */
  open(camera: SiteCamera, reason: string): void
  /** It is paused. */
  stop(name: CameraId, reason: string): void
  /** It is gone. */
  forget(name: CameraId, reason: string): void
}

const createActs = ({ pool, status, nowMs, ...parts }: SiteCamerasParts): CameraActs => {
  const say = (camera: CameraId, change: Omit<CameraChange, 'camera' | 'atMs'>): void =>
    parts.say({ camera, atMs: nowMs(), ...change })
  const open: CameraActs['open'] = ({ name, options }, reason) => {
    pool().open(name, options)
    say(name, { state: 'opening', reason })
  }
  return {
    open,
    stop: (name, reason) => {
      pool().close(name)
      say(name, { state: 'offline', reason, code: 'CAMERA_PAUSED' })
    },
    forget: (name, reason) => {
      pool().close(name)
      say(name, { state: 'ended', reason, code: 'CAMERA_REMOVED' })
      status.remove(name)
      parts.forget(name)
    },
    enter: (camera, reason) => {
      status.add(camera.name, camera.paused ? pausedChange(camera.name, nowMs()) : undefined)
      if (!camera.paused) open(camera, reason)
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
  act: CameraActs,
  where: string,
): readonly string[] => {
  const gone = [...before.keys()].filter((name) => !after.has(name))
  for (const name of gone) act.forget(name, `no longer in ${where}`)
  const told = gone.map((name) => `cameras.${name} (removed)`)
  for (const camera of after.values()) {
    const old = before.get(camera.name)
    if (old !== undefined && isSame(old, camera) && old.paused === camera.paused) continue
    told.push(`cameras.${camera.name} (${old === undefined ? 'added' : 'changed'})`)
    if (old === undefined) act.enter(camera, `added to ${where}`)
    else if (!camera.paused) act.open(camera, `changed in ${where}`)
    else if (!old.paused) act.stop(camera.name, 'paused')
  }
  return told
}
