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

/**
 * `show` gets each picture as it comes; a damaged one only where there is none yet, and a whole one is waited for. `nowMs` is a
 * monotonic clock.
 */
export const createStills = (
  client: Pick<Client, 'watch' | 'onPicture'>,
  show: (camera: CameraId, jpeg: Blob) => void,
  nowMs: () => number = () => performance.now(),
): Stills => {
  let missing = new Set<CameraId>()
  const shown = new Set<CameraId>()
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
        const { camera, damaged = false } = frame
        if (!missing.has(camera)) return
        if (!damaged || !shown.has(camera)) show(camera, new Blob([jpeg], { type: 'image/jpeg' }))
        shown.add(camera)
        if (damaged) return
        missing.delete(camera)
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
