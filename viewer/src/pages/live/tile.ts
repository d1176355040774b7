import type { Picture } from '@rollcall/client'
import type { CameraChange, CameraId, PersonId } from '../../../../src/types.ts'
import type { DrawOptions, Shown } from './draw.ts'
import { createStill } from './still.ts'
import { createTileElements, type TileActs } from './tile-elements.ts'

/** The frame rate shown is the mean over this time. */
const rateWindowMs = 3000

/** One camera on the page. */
export interface Tile {
  readonly element: HTMLElement
  /** Shows the camera's state. `retryAtMs` is when it is opened again, by `performance.now()`; null when it is not. */
  change(change: CameraChange, retryAtMs: number | null): void
  /** Resolves when the picture is shown, or is left out because it is broken or late. */
  show(picture: Picture): Promise<void>
  /** Dims everybody but this person; null dims nobody. */
  choose(person: PersonId | null): void
  /** Marks the tile as the large one, and as pinned. */
  mark(isLarge: boolean, isPinned: boolean): void
  /** Updates the frame rate and the time to the next attempt. `nowMs` is `performance.now()`. */
  tick(nowMs: number): void
  /** Draws again with the names that people have now. */
  rename(): void
}

const stateTitle = {
  opening: 'Opening',
  online: 'Waiting for the first picture',
  overloaded: 'Overloaded',
  frozen: 'Frozen',
  offline: 'Offline',
  ended: 'Ended',
} as const

const describe = (camera: CameraId, { faces, damaged }: Shown['frame'], nameOf: DrawOptions['nameOf']): string => {
  const names = faces.map((face) => (face.person === null ? 'somebody' : nameOf(face.person)))
  return `Camera ${camera}: ${names.length === 0 ? 'nobody' : names.join(', ')}${damaged ? ' (damaged picture)' : ''}`
}

/** Frames a second over the last `rateWindowMs`; null without frames. Forgets older times. */
const rateOf = (shownAtMs: number[], nowMs: number): number | null => {
  while (shownAtMs.length > 0 && nowMs - (shownAtMs[0] ?? 0) > rateWindowMs) shownAtMs.shift()
  const rate = shownAtMs.length / (rateWindowMs / 1000)
  return rate === 0 ? null : rate
}

/** Writes only what is new, so that screen readers do not read it again. */
const write = (node: HTMLElement, text: string): void => {
  if (node.textContent !== text) node.textContent = text
}

/** What a tile knows of the site. */
export type TileWords = Omit<DrawOptions, 'chosen'> & {
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: () => number
}

/** Shows one camera: its newest picture with its boxes, and its state over it. A click or Enter enlarges it. */
export const createTile = (camera: CameraId, words: TileWords, acts: TileActs): Tile => {
  const { tile, screen, canvas, state, reason, retry, damage, figures, zoom, pin, readout } = createTileElements(
    camera,
    acts,
  )
  const still = createStill(canvas, screen, words)
  let retryAt: number | null = null
  let latencyMs: number | null = null
  const shownAtMs: number[] = []
  new ResizeObserver(still.repaint).observe(screen)

  const tick = (nowMs: number): void => {
    const rate = rateOf(shownAtMs, nowMs)
    write(figures, rate === null ? '' : `${rate.toFixed(rate < 10 ? 1 : 0)} fps`)
    const late = latencyMs === null ? '' : ` · ${latencyMs} ms old`
    write(readout, `stills · boxes 0 frames off${late}`)
    const waitS = retryAt === null ? null : Math.ceil((retryAt - nowMs) / 1000)
    write(retry, waitS === null ? '' : waitS > 0 ? `Next try in ${waitS} s` : 'Trying again …')
  }
  return {
    element: tile,
    tick,
    rename: still.repaint,
    change: (change, retryAtMs) => {
      tile.dataset.state = change.state
      write(state, stateTitle[change.state])
      write(reason, change.reason)
      retryAt = retryAtMs
      tick(performance.now())
    },
    show: async (picture) => {
      if (!(await still.show(picture))) return
      shownAtMs.push(performance.now())
      damage.hidden = picture.frame.damaged !== true
      latencyMs = picture.frame.clock === 'file' ? null : Math.round(words.nowMs() - picture.frame.capturedAtMs)
      const label = describe(camera, picture.frame, words.nameOf)
      if (canvas.ariaLabel !== label) canvas.ariaLabel = label
      tile.classList.add('has-picture')
      tile.dataset.seq = String(picture.frame.seq)
    },
    choose: still.choose,
    mark: (isLarge, isPinned) => {
      tile.classList.toggle('large', isLarge)
      zoom.setAttribute('aria-pressed', String(isLarge))
      zoom.title = isLarge ? 'Show all' : 'Show large'
      pin.setAttribute('aria-pressed', String(isPinned))
    },
  }
}
