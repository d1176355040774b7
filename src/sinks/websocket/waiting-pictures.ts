import type { CameraId } from '../../types.ts'
import type { InFlightWindow } from './in-flight-window.ts'

/**
 * One picture is shown while one is on the way. With only one, a client would idle for a round trip; with three or more the
 * kernel's buffers decide how old a picture is (4 MB held 12.6 s of pictures).
 */
const maxUnacknowledged = 2

/** The pictures of one client that wait or are in flight. */
export interface WaitingPictures {
  readonly watched: ReadonlySet<CameraId>
  /** Replaces the watched cameras. */
  watch(cameras: ReadonlySet<CameraId>): void
  /** Sends the picture when the client watches the camera. While there is no room, the newest one waits. */
  offer(camera: CameraId, message: Uint8Array): void
  /** False when picture `n` is not waiting for an acknowledgement. */
  acknowledge(n: number): boolean
  /** Sends waiting pictures that have room. */
  pump(): void
  /** Number and time of the oldest picture that is not acknowledged; null when there is none. */
  oldest(): { readonly n: number; readonly atMs: number } | null
}

/** Where pictures go. */
export interface PicturesDeps {
  readonly inFlight: InFlightWindow
  readonly send: (message: Uint8Array) => void
  /** A newer picture of its camera replaced one that waited. */
  readonly onDrop: () => void
  readonly ageMs: () => number
}

/**
 * Sends the newest picture of each watched camera, bounded by the client's window and two unacknowledged ones of a
 * camera.
 */
export const createWaitingPictures = ({ inFlight, send, onDrop, ageMs }: PicturesDeps): WaitingPictures => {
  let watched: ReadonlySet<CameraId> = new Set()
  let sent = 0
  const waiting = new Map<CameraId, Uint8Array>()
  const unacknowledged = new Map<number, { readonly camera: CameraId; readonly bytes: number; readonly atMs: number }>()

  const underWay = (camera: CameraId): number =>
    [...unacknowledged.values()].reduce((count, each) => count + (each.camera === camera ? 1 : 0), 0)

  const pump = (): void => {
    if (waiting.size === 0) return
    for (const [camera, message] of waiting) {
      if (underWay(camera) >= maxUnacknowledged || !inFlight.hasRoom(message.length, 'picture')) continue
      waiting.delete(camera)
      unacknowledged.set(++sent, { camera, bytes: message.length, atMs: ageMs() })
      inFlight.sentPicture(message.length)
      send(message)
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
    acknowledge: (n) => {
      const picture = unacknowledged.get(n)
      if (picture === undefined) return false
      unacknowledged.delete(n)
      inFlight.acknowledgePicture(picture.bytes, picture.atMs, ageMs())
      return true
    },
    pump,
    oldest: () => {
      for (const [n, { atMs }] of unacknowledged) return { n, atMs }
      return null
    },
  }
}
