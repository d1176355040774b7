import type { VideoWish } from '../protocol.ts'
import type { VideoLevel, VideoState } from './types.ts'

/** What one tile wants of its camera. */
export interface TileWish {
  readonly stills: boolean
  readonly video: 'all' | 'keys' | null
}

/** The wishes of all tiles of a page, sent to the server together. */
export interface Watching {
  /** Sets what a tile, named by a number or by itself, wants; null: nothing. */
  set(tile: number | object, camera: string, wish: TileWish | null): void
}

/** What is asked of the server for a state of the player; null for nothing. `isLate`: stills fill the wait for a picture. */
export const wishOf = (
  state: Pick<VideoState, 'level' | 'possible'> | null,
  most: VideoLevel,
  isLate: boolean,
): TileWish | null => {
  if (most === 'nothing') return null
  const { level, possible } = state ?? { level: most, possible: most }
  const video = possible === 'stills' || possible === 'nothing' ? null : possible === 'keys' ? 'keys' : 'all'
  return { stills: isLate || level === 'stills', video }
}

/** Sends the wishes of all tiles at the end of a turn in which some have changed. `send` is the client's `watch`. */
export const createWatching = (
  send: (watch: { readonly cameras: string[]; readonly video: VideoWish[] }) => void,
): Watching => {
  const wishes = new Map<number | object, TileWish & { readonly camera: string }>()
  let isPending = false
  const flush = (): void => {
    isPending = false
    const all = [...wishes.values()]
    const cameras = new Set(all.filter(({ stills }) => stills).map(({ camera }) => camera))
    const video = new Map<string, VideoWish>()
    for (const { camera, video: wanted } of all) {
      if (wanted === 'all') video.set(camera, { camera })
      if (wanted === 'keys' && !video.has(camera)) video.set(camera, { camera, only: 'keys' })
    }
    send({ cameras: [...cameras], video: [...video.values()] })
  }
  return {
    set: (tile, camera, wish) => {
      // Who wanted nothing before has no say in what another page asks for meanwhile.
      if (wish === null && !wishes.delete(tile)) return
      if (wish !== null) wishes.set(tile, { ...wish, camera })
      if (isPending) return
      isPending = true
      queueMicrotask(flush)
    },
  }
}
