import type { Cameras } from '../ingest/cameras.ts'
import type { FromVision } from '../ipc/messages.ts'
import type { CameraId, VideoUnit, VideoWish } from '../types.ts'

/** Most bytes of one camera that wait for the identity process: the ring's own bound. */
const maxWaitingBytes = 8_388_608

/** The cameras' own video for viewers of this worker's cameras. */
export interface Videos {
  /** Sets what somebody watches, instead of what was watched before. */
  watch(video: readonly VideoWish[]): void
}

/** What is sent where. */
export interface VideosDeps {
  readonly cameras: Pick<Cameras, 'named'>
  /** The cameras of this worker. */
  readonly own: readonly CameraId[]
  /** Resolves when the message has left this process. */
  readonly send: (message: FromVision) => Promise<void>
  /** Units that the identity process did not take in time. */
  readonly onDrop: (camera: CameraId) => void
}

/**
 * Sends the units of watched cameras, from the newest key unit on. When the identity process takes them too slowly, they are
 * left out up to the next key unit.
 */
export const createVideos = ({ cameras, own, send, onDrop }: VideosDeps): Videos => {
  const wishes = new Map<CameraId, VideoWish>()

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
  const begin = (camera: CameraId): void =>
    cameras.named(camera).watchVideo({
      unit: sender(camera),
      unavailable: (reason) => void send({ type: 'noVideo', camera, reason }),
    })

  return {
    watch: (video) => {
      const wanted = new Map(video.filter(({ camera }) => own.includes(camera)).map((wish) => [wish.camera, wish]))
      for (const camera of wishes.keys()) if (!wanted.has(camera)) cameras.named(camera).watchVideo(null)
      const before = new Map(wishes)
      wishes.clear()
      for (const [camera, wish] of wanted) wishes.set(camera, wish)
      for (const [camera, { only }] of wanted) {
        const had = before.get(camera)
        // From key units to all: the ring gives the newest group from its key unit on.
        if (had === undefined || (had.only === 'keys' && only === undefined)) begin(camera)
      }
    },
  }
}
