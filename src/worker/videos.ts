import type { Camera } from '../ingest/camera.ts'
import type { FromVision } from '../ipc/messages.ts'
import type { CameraId, VideoUnit, VideoWish } from '../types.ts'

/** Most bytes of one camera that wait for the identity process: the ring's own bound. */
const maxWaitingBytes = 8_388_608

/** The cameras' own video for viewers of this worker's cameras. */
export interface Videos {
  /** Sets what somebody watches, instead of what was watched before. */
  watch(video: readonly VideoWish[]): void
  /** A camera was opened or opened anew while others run: what is watched of it begins. */
  opened(camera: CameraId): void
}

/** What is sent where. */
export interface VideosDeps {
  /** The cameras of this worker. Wishes name those of others, too, and paused ones, which nobody has opened. */
  readonly cameras: { find(name: CameraId): Pick<Camera, 'watchVideo'> | undefined }
  /** Resolves when the message has left this process. */
  readonly send: (message: FromVision) => Promise<void>
  /** Units that the identity process did not take in time. */
  readonly onDrop: (camera: CameraId) => void
}

/**
 * Sends the units of watched cameras, from the newest key unit on. When the identity process takes them too slowly, they are
 * left out up to the next key unit.
 */
export const createVideos = ({ cameras, send, onDrop }: VideosDeps): Videos => {
  const wishes = new Map<CameraId, VideoWish>()
  /** Who sends: a camera that was opened anew is another one, and has to be told again. */
  const sending = new Map<CameraId, Pick<Camera, 'watchVideo'>>()

  const sender = (camera: CameraId) => {
    let waiting = 0
    let needsKey = false
    return (unit: VideoUnit): void => {
      if (wishes.get(camera)?.only === 'keys' && !unit.key) return
      needsKey = (needsKey && !unit.key) || waiting > maxWaitingBytes
      if (needsKey) {
        onDrop(camera)
        return
      }
      waiting += unit.data.length
      void send({ type: 'unit', unit }).then(() => {
        waiting -= unit.data.length
      })
    }
  }
  const begin = (camera: CameraId): void => {
    const found = cameras.find(camera)
    if (found === undefined) {
      sending.delete(camera)
      return
    }
    sending.set(camera, found)
    found.watchVideo({
      unit: sender(camera),
      unavailable: (reason) => void send({ type: 'noVideo', camera, reason }),
    })
  }
  const end = (camera: CameraId): void => {
    sending.delete(camera)
    cameras.find(camera)?.watchVideo(null)
  }

  return {
    watch: (video) => {
      const before = new Map(wishes)
      wishes.clear()
      for (const wish of video) wishes.set(wish.camera, wish)
      for (const camera of sending.keys()) if (!wishes.has(camera)) end(camera)
      for (const { camera, only } of video) {
        // From key units to all: the ring gives the newest group from its key unit on.
        const isMore = only === undefined && before.get(camera)?.only === 'keys'
        if (isMore || sending.get(camera) === undefined) begin(camera)
      }
    },
    opened: (camera) => {
      if (wishes.has(camera) && sending.get(camera) !== cameras.find(camera)) begin(camera)
    },
  }
}
