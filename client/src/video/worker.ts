/** The entry of the worker that decodes and paints all tiles of a page. Pixels stay here; figures go back. */
import { createLoad } from './load.ts'
import type { TileReport, ToVideoWorker, WorkerStart } from './messages.ts'
import { createPlayer, type Player } from './player.ts'
import type { PictureSize, VideoState } from './types.ts'

const figuresEveryMs = 500

const load = createLoad()
const players = new Map<number, Player>()
const nowMs = (): number => performance.timeOrigin + performance.now()
const tell = (message: TileReport | WorkerStart): void => postMessage(message)

/** The display's own pace where workers have it. */
const nextFrame: (then: () => void) => void =
  'requestAnimationFrame' in self ? (then) => self.requestAnimationFrame(then) : (then) => setTimeout(then, 16)

const tick = (): void => {
  for (const player of players.values()) player.tick(nowMs())
  if (players.size > 0) nextFrame(tick)
}

addEventListener('message', ({ data }: MessageEvent<ToVideoWorker>) => {
  const { tile } = data
  if (data.type === 'open') {
    const { canvas, clockOffsetMs } = data
    const onState = (state: VideoState): void => tell({ tile, type: 'state', state })
    const onResized = (size: PictureSize): void => tell({ tile, type: 'resized', size })
    // After the canvas has been handed over with what was painted.
    const onShown = (stream: string, ptsUs: number): void =>
      nextFrame(() => tell({ tile, type: 'shown', stream, ptsUs }))
    players.set(tile, createPlayer({ canvas, load, clockOffsetMs, onState, onResized, onShown, nowMs }))
    if (players.size === 1) nextFrame(tick)
  } else if (data.type === 'close') {
    players.get(tile)?.close()
    players.delete(tile)
  } else players.get(tile)?.receive(data)
})

setInterval(() => {
  for (const [tile, player] of players) tell({ tile, type: 'figures', figures: player.figures(nowMs()) })
}, figuresEveryMs)

tell({ type: 'ready' })
