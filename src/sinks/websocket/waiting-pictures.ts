import type { CameraId } from '../../types.ts'
import type { Binaries } from './binaries.ts'

/**
 * One picture is shown while one is on the way. With only one, a client would idle for a round trip; with three or more the
 * kernel's buffers decide how old a picture is (4 MB held 12.6 s of pictures).
 */
const maxUnacknowledged = 2

/** The stills of one client that wait. */
export interface WaitingPictures {
  readonly watched: ReadonlySet<CameraId>
  /** Replaces the watched cameras. */
  watch(cameras: ReadonlySet<CameraId>): void
  /** Sends the picture when the client watches the camera. While there is no room, the newest one waits. */
  offer(camera: CameraId, message: Uint8Array): void
  /** Sends waiting pictures that have room. */
  pump(): void
}

/** Where pictures go. */
export interface PicturesDeps {
  readonly binaries: Pick<Binaries, 'hasRoom' | 'send'>
  /** A newer picture of its camera replaced one that waited. */
  readonly onDrop: () => void
}

/**
 * Sends the newest picture of each watched camera, bounded by the client's window and two unacknowledged ones of a
 * camera.
 */
export const createWaitingPictures = ({ binaries, onDrop }: PicturesDeps): WaitingPictures => {
  let watched: ReadonlySet<CameraId> = new Set()
  const waiting = new Map<CameraId, Uint8Array>()
  const underWay = new Map<CameraId, number>()
  const count = (camera: CameraId, by: number): void => {
    underWay.set(camera, (underWay.get(camera) ?? 0) + by)
  }

  const pump = (): void => {
    if (waiting.size === 0) return
    for (const [camera, message] of waiting) {
      if ((underWay.get(camera) ?? 0) >= maxUnacknowledged || !binaries.hasRoom(message.length)) continue
      waiting.delete(camera)
      count(camera, 1)
      binaries.send(message, () => count(camera, -1))
    }
  }

  return {
    get watched() {
      return watched
    },
    watch: (cameras) => {
      watched = cameras
      for (const camera of waiting.keys()) if (!watched.has(camera)) waiting.delete(camera)
    },
    offer: (camera, message) => {
      if (!watched.has(camera)) return
      if (waiting.has(camera)) onDrop()
      waiting.set(camera, message)
      pump()
    },
    pump,
  }
}
