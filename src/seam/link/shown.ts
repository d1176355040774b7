import type { Metrics } from '../../metrics.ts'
import { createWaitingPictures } from '../../sinks/websocket/waiting-pictures.ts'
import { createWaitingUnits } from '../../sinks/websocket/waiting-units.ts'
import { encodeFromVision, type LinkedFromVision, type LinkedToVision } from './messages.ts'
import type { WaitingCrops } from './waiting-crops.ts'
import { createWindow } from './window.ts'

/** What one identity process is shown. */
export interface Shown {
  watch(watch: Extract<LinkedToVision, { readonly type: 'watch' }>): void
  send(message: LinkedFromVision): void
  /** Identity has taken the first `count` messages. */
  took(count: number): void
  /** Sends what waits and has room. */
  pump(): void
}

/**
 * Sends to identity as `/ws` sends to a client that reads slowly: of stills the newest, of video from the newest key unit on, best
 * shots as they fit. What people wait for (captures, why there is no video) goes at once.
 */
export const createShown = (
  send: (message: Uint8Array) => void,
  crops: WaitingCrops,
  { link }: Pick<Metrics, 'link'>,
): Shown => {
  const window = createWindow(send)
  const units = createWaitingUnits({
    binaries: window,
    onDrop: (count) => link.drops.inc({ what: 'unit' }, count),
    ageMs: () => performance.now(),
  })
  const pictures = createWaitingPictures({ binaries: window, onDrop: () => link.drops.inc({ what: 'picture' }) })
  const pump = (): void => {
    crops.pump(window)
    pictures.pump()
    units.pump()
  }
  return {
    pump,
    watch: ({ cameras, video }) => {
      pictures.watch(new Set(cameras))
      // Whoever begins to watch is sent the ring of the camera, from its newest key unit on.
      units.watch(video, () => [])
    },
    send: (message) => {
      if (message.type === 'crop') crops.pump(window)
      else if (message.type === 'picture') pictures.offer(message.stamp.camera, encodeFromVision(message))
      else if (message.type === 'unit') {
        const { camera, key } = message.unit
        units.offer({ camera, key, message: encodeFromVision(message) })
      } else {
        const bytes = encodeFromVision(message)
        // The next figures say the same and more.
        if (message.type !== 'figures' || window.hasRoom(bytes.length)) window.send(bytes, () => {})
      }
    },
    took: (count) => {
      window.took(count)
      pump()
    },
  }
}
