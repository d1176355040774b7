import type { FaceCrop, TrackId } from '../../types.ts'
import { encodeFromVision } from './messages.ts'
import type { Window } from './window.ts'

/** Best shots that identity does not have yet. */
export interface WaitingCrops {
  /** Takes the place of an earlier one of its track that waits. */
  add(crop: FaceCrop): void
  /** Sends what has room; each is kept until the other side has taken it. */
  pump(window: Pick<Window, 'hasRoom' | 'send'>): void
  /** The connection is gone: what was under way waits again. */
  lost(): void
  readonly count: number
}

/** Some megabytes: people of minutes, while identity is away. */
const MOST_WAITING = 512

/** Keeps the newest best shot of each track. Pictures that are no longer needed are overwritten: they are biometric data. */
export const createWaitingCrops = (onDrop: () => void): WaitingCrops => {
  const waiting = new Map<TrackId, FaceCrop>()
  const underWay = new Set<FaceCrop>()
  const drop = (crop: FaceCrop): void => {
    crop.jpeg.fill(0)
    onDrop()
  }
  const wait = (crop: FaceCrop): void => {
    const { track } = crop
    waiting.get(track)?.jpeg.fill(0)
    waiting.delete(track)
    waiting.set(track, crop)
    const [oldest] = waiting
    if (oldest === undefined || waiting.size <= MOST_WAITING) return
    waiting.delete(oldest[0])
    drop(oldest[1])
  }
  return {
    add: wait,
    pump: (window) => {
      for (const [track, crop] of waiting) {
        if (!window.hasRoom(crop.jpeg.length)) return
        waiting.delete(track)
        underWay.add(crop)
        window.send(encodeFromVision({ type: 'crop', crop }), () => {
          underWay.delete(crop)
          crop.jpeg.fill(0)
        })
      }
    },
    lost: () => {
      const newer = [...waiting.values()]
      const back = [...underWay]
      underWay.clear()
      waiting.clear()
      // In the order in which they came, so that a newer one of a track stays.
      for (const crop of [...back, ...newer]) wait(crop)
    },
    get count() {
      return waiting.size + underWay.size
    },
  }
}
