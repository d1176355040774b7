import type { CameraId } from '../../../../src/types.ts'
import type { Client } from '../../shell/client.ts'

/** How old a picture of the list may become. The server encodes one of each camera, and then none until the next turn. */
const againMs = 10_000

/** One picture of each camera now and then. */
export interface Stills {
  /** Asks for a picture of each of these, unless the last turn was lately. */
  readonly ask: (cameras: readonly CameraId[]) => void
  /** Asks for nothing any more. */
  readonly stop: () => void
}

/** `show` gets each picture as it comes. `nowMs` is a monotonic clock. */
export const createStills = (
  client: Pick<Client, 'watch' | 'onPicture'>,
  show: (camera: CameraId, jpeg: Blob) => void,
  nowMs: () => number = () => performance.now(),
): Stills => {
  let missing = new Set<CameraId>()
  let known = ''
  let askedAtMs = Number.NEGATIVE_INFINITY
  let off: (() => void) | null = null
  const watch = (): void => client.watch({ cameras: [...missing] })
  return {
    ask(cameras) {
      const key = cameras.join('\n')
      if (key === known && nowMs() - askedAtMs < againMs) return
      known = key
      askedAtMs = nowMs()
      missing = new Set(cameras)
      off ??= client.onPicture(({ frame, jpeg }) => {
        if (!missing.delete(frame.camera)) return
        show(frame.camera, new Blob([jpeg], { type: 'image/jpeg' }))
        watch()
      })
      watch()
    },
    stop() {
      if (off === null) return
      off()
      off = null
      known = ''
      missing.clear()
      watch()
    },
  }
}
