import type { VideoState } from './types.ts'
import { type TileWish, wishOf } from './watching.ts'

/** The most that a tile may show. */
export type Most = 'all' | 'keys' | 'stills' | 'nothing'

/** What one tile asks for, as its player and the page change. */
export interface TileWishes {
  readonly most: Most
  /** Counts from the next `update` on. */
  want(most: Most): void
  /** What the player says of itself. */
  become(state: VideoState): void
  /** More or less is wanted, or the page was hidden or shown. */
  update(): void
  close(): void
}

/** Without a picture for so long, or waiting for a key frame, stills are asked for as well. */
const stillsAfterMs = 1000

/** Begins with nothing. `set` is told each wish; it is null while `isHidden`. */
export const createTileWishes = (set: (wish: TileWish | null) => void, isHidden: () => boolean): TileWishes => {
  let most: Most = 'nothing'
  let state: VideoState | null = null
  let isLate = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = (): void => set(isHidden() ? null : wishOf(state, most, isLate))
  /** Stills fill the time until a picture comes, so that no tile is empty. */
  const watchForLate = (): void => {
    const lacks = most !== 'nothing' && (state === null || !state.hasPicture || state.waiting !== null)
    if (lacks) {
      timer ??= setTimeout(() => {
        isLate = true
        tell()
      }, stillsAfterMs)
      return
    }
    clearTimeout(timer)
    timer = undefined
    isLate = false
  }
  const update = (): void => {
    watchForLate()
    tell()
  }
  return {
    get most() {
      return most
    },
    want: (next) => {
      most = next
    },
    become: (next) => {
      state = next
      update()
    },
    update,
    close: () => {
      clearTimeout(timer)
      set(null)
    },
  }
}
