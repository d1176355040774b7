import { type Wait, waitWords } from './continuity.ts'
import type { Load } from './load.ts'
import type { VideoLevel, VideoState } from './types.ts'

/** How much of a camera a tile shows, and why not more. */
export interface TileState {
  readonly level: VideoLevel
  /** Whether units are of use: neither stills nor nothing is shown. */
  readonly isVideo: boolean
  /** The most that the page wants. */
  most: VideoLevel
  /** Why there is no video by the server, and by this browser; null when there is. */
  readonly without: { server: string | null; browser: string | null }
  /** Tells the page when something has changed. */
  say(): void
}

/** What a state depends on, and who is told of it. */
export interface TileStateDeps {
  readonly load: Pick<Load, 'level'>
  readonly waiting: () => Wait | null
  readonly hasPicture: () => boolean
  /** How far apart the camera's last two key pictures were, milliseconds; 0 while that is not known. */
  readonly keyGapMs: () => number
  readonly onState: (state: VideoState) => void
}

const less: Readonly<Record<VideoLevel, string | null>> = {
  all: null,
  fewer: 'this device does not keep up: fewer pictures',
  keys: 'this device does not keep up: key frames only',
  stills: 'this device does not keep up: stills',
  nothing: null,
}

const rank: readonly VideoLevel[] = ['all', 'fewer', 'keys', 'stills', 'nothing']
const lesser = (a: VideoLevel, b: VideoLevel): VideoLevel => (rank.indexOf(a) > rank.indexOf(b) ? a : b)
/** Two seconds, and what a clock may add: key pictures further apart show what is long over. Stills come several times a second. */
const mostKeyGapMs = 2500

const isVideo = (level: VideoLevel): boolean => level !== 'stills' && level !== 'nothing'

/** Begins with nothing. */
export const createTileState = (deps: TileStateDeps): TileState => {
  const { load, waiting, hasPicture, keyGapMs, onState } = deps
  let most: VideoLevel = 'nothing'
  const without: TileState['without'] = { server: null, browser: null }
  let said = ''
  const wanted = (): VideoLevel => lesser(most, without.browser === null ? load.level : 'stills')
  const areKeysRare = (): boolean => wanted() === 'keys' && keyGapMs() > mostKeyGapMs
  const possible = (): VideoLevel => (areKeysRare() ? 'stills' : wanted())
  const level = (): VideoLevel => (without.server === null ? possible() : lesser(most, 'stills'))
  const ofLoad = (now: VideoLevel): string | null => {
    if (now === load.level) return less[now]
    return areKeysRare() ? `key frames are ${Math.round(keyGapMs() / 1000)} s apart: stills` : null
  }
  const reasonFor = (now: VideoLevel): string | null =>
    now === 'nothing' ? null : (without.server ?? without.browser ?? ofLoad(now))
  return {
    without,
    get level() {
      return level()
    },
    get isVideo() {
      return isVideo(level())
    },
    get most() {
      return most
    },
    set most(next) {
      most = next
    },
    say: () => {
      const now = level()
      const wait = isVideo(now) ? waiting() : null
      const state: VideoState = {
        level: now,
        possible: possible(),
        reason: reasonFor(now),
        waiting: wait && waitWords[wait],
        hasPicture: hasPicture(),
      }
      const text = JSON.stringify(state)
      if (text === said) return
      said = text
      onState(state)
    },
  }
}
