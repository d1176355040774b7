import { asyncScheduler, defer, firstValueFrom, from, type Observable, race, timer } from 'rxjs'
import * as addon from '../../native/index.js'
import { RollcallError } from '../errors.ts'
import type { CameraChange, CameraId, Log, RecordingsRead, StreamId } from '../types.ts'
import { type Camera, openCamera } from './camera.ts'
import type { CameraDeps } from './camera-deps.ts'
import { type CameraMetrics, countCameras } from './camera-metrics.ts'
import { createHardware, type Hardware } from './hardware/hardware.ts'
import { describeMachine, verdictsFile } from './hardware/machine.ts'
import { tryDecoder } from './hardware/trial.ts'
import { openVerdicts } from './hardware/verdicts.ts'
import { joinCameras } from './joined-cameras.ts'
import type { CameraOptions } from './options.ts'
import { inspectRecording } from './recording-file.ts'
import { recordingStream } from './recording-stream.ts'
import { createRelays, type Relays } from './relay/relays.ts'
import { newStreamId } from './stream-id.ts'

/** A camera of the configuration. */
export interface NamedCamera {
  readonly name: CameraId
  readonly options: CameraOptions
}

/** What `openCameras` needs. The addon, clocks and randomness are the real ones when they are absent. */
export type CamerasDeps = Pick<CameraDeps, 'pictureSide' | 'untilEnd' | 'log'> &
  Partial<Omit<CameraDeps, 'pictureSide' | 'untilEnd' | 'log' | 'isRead' | 'begun'>> & {
    /** The recordings that were read to their end in earlier runs, by camera. It defaults to none. */
    readonly recordingsRead?: RecordingsRead
    /** The recordings that an earlier process began to read, by camera. It defaults to none. */
    readonly begun?: Readonly<Record<CameraId, StreamId>>
    readonly metrics?: CameraMetrics
  }

/** The cameras of one worker. Owned by whoever opened them, who calls `close()`. */
export interface Cameras {
  /** The camera of this name. Throws CAMERA_NOT_FOUND when there is none. */
  named(name: CameraId): Camera
  /** The camera of this name; undefined when there is none, or no longer. */
  find(name: CameraId): Camera | undefined
  /** Emits a camera that has a frame to take. Completes when all cameras have ended. */
  readonly ready$: Observable<Camera>
  /** The changes of all cameras, each camera's in order with its frames. Completes when all have ended. */
  readonly changes$: Observable<CameraChange>
  /**
   * Opens one more camera, which has not read anything yet. One of the same name is closed before, without a word: a device
   * often serves one client only. Does nothing once `close` was called. Throws CAMERA_URL.
   */
  add(camera: NamedCamera): Promise<void>
  /** Closes a camera and forgets it and its metrics, without a word. Does nothing when there is none. */
  remove(name: CameraId): Promise<void>
  /** Closes all cameras at the same time. Idempotent. */
  close(): Promise<void>
}

/** A camera that is replaced, and does not close in this time, is left to close by itself. */
const CLOSE_PATIENCE_MS = 3000

/** Opens every camera. Throws CAMERA_URL or NATIVE_MISSING, and closes those already open. */
export const openCameras = (list: readonly NamedCamera[], given: CamerasDeps): Cameras => {
  const relays = createRelays()
  const deps = realDeps(relays, given)
  const open = ({ name, options }: NamedCamera): Camera => {
    const read = new Set(given.recordingsRead?.[name])
    const begun = given.begun?.[name] ?? null
    return openCamera(name, options, { ...deps, begun, isRead: (stream) => read.has(stream) })
  }
  const cameras = new Map<CameraId, Camera>()
  const close = async (): Promise<void> => {
    await Promise.all([...cameras.values()].map((camera) => camera.close()))
    await relays.close()
  }
  try {
    for (const camera of list) cameras.set(camera.name, open(camera))
  } catch (error) {
    void close()
    throw error
  }
  const counting = given.metrics ? countCameras(() => [...cameras.values()], given.metrics, deps.scheduler) : null
  const joined = joinCameras([...cameras.values()])
  let isClosed = false
  const remove = async (name: CameraId): Promise<void> => {
    const camera = cameras.get(name)
    if (camera === undefined) return
    joined.leave(camera)
    counting?.update()
    cameras.delete(name)
    await firstValueFrom(race(from(camera.close()), timer(CLOSE_PATIENCE_MS, deps.scheduler)), { defaultValue: null })
  }

  return {
    find: (name) => cameras.get(name),
    named: (name) => {
      const camera = cameras.get(name)
      if (camera === undefined)
        throw new RollcallError('CAMERA_NOT_FOUND', `there is no camera "${name}"`, {
          remedy: 'Name one that is open; it may just have been removed.',
        })
      return camera
    },
    ready$: joined.all((camera) => camera.ready$),
    changes$: joined.all((camera) => camera.changes$),
    add: async (camera) => {
      const expected = joined.expect()
      try {
        await remove(camera.name)
        if (isClosed || cameras.has(camera.name)) return
        const opened = open(camera)
        cameras.set(camera.name, opened)
        joined.join(opened)
      } finally {
        expected.over()
      }
    },
    remove,
    close: async () => {
      isClosed = true
      await close()
      counting?.stop()
    },
  }
}

/** What is given, and the real addon, clocks and randomness for the rest. */
const realDeps = (relays: Relays, given: CamerasDeps): Omit<CameraDeps, 'isRead' | 'begun'> => {
  const time = given.time ?? { nowMs: () => Date.now() }
  const random = given.random ?? Math.random
  return {
    native: addon,
    hardware: ownHardware(given.log),
    relays,
    elapsedMs: () => performance.now(),
    scheduler: asyncScheduler,
    newStreamId: () => newStreamId(time, random),
    recordingStream,
    inspectRecording: (path) => defer(() => inspectRecording(path, addon)),
    ...given,
    time,
    random,
  }
}

const ownHardware = (log: Log): Hardware =>
  createHardware({
    candidates: addon.hardwareDecoders,
    tryDecoder,
    verdicts: () => openVerdicts(verdictsFile(), describeMachine(addon.inspect([]).version)),
    log,
    elapsedMs: () => performance.now(),
  })
