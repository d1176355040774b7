import type { CameraChange, CameraId, PersonId } from '../../src/types.ts'
import { draw, type Shown } from './draw.ts'
import { element } from './element.ts'
import { shortId } from './person-look.ts'
import type { PictureMessage } from './picture.ts'

/** The rate shown is the mean over this long. */
const rateWindowMs = 3000

export interface Tile {
  readonly element: HTMLElement
  change(change: CameraChange, retryAtMs: number | null): void
  show(picture: PictureMessage): Promise<void>
  choose(person: PersonId | null): void
  /** Updates what depends on the time; both clocks are `performance.now()`. */
  tick(nowMs: number): void
}

const stateTitle = {
  opening: 'Opening',
  online: 'Online',
  frozen: 'Frozen',
  offline: 'Offline',
  ended: 'Ended',
} as const

/** One camera: its newest picture with the boxes that belong to it, its state over it. A click or Enter enlarges it. */
export const createTile = (camera: CameraId): Tile => {
  const canvas = element('canvas', { role: 'img', 'aria-label': `Camera ${camera}: no picture yet` })
  const stateText = element('strong')
  const reason = element('span')
  const retry = element('span', { class: 'retry' })
  const overlay = element('div', { class: 'overlay', role: 'status' }, stateText, reason, retry)
  const figures = element('span', { class: 'figures' })
  const zoom = element('button', { type: 'button', 'aria-pressed': 'false', title: 'Enlarge' }, camera)
  const caption = element('figcaption', {}, element('i', { class: 'dot' }), zoom, figures)
  const screen = element('div', { class: 'screen' }, canvas, overlay)
  const tile = element('figure', { class: 'tile' }, screen, caption)
  tile.dataset.camera = camera

  let shown: Shown | undefined
  let chosen: PersonId | null = null
  let arrivals = 0
  let lastShown = 0
  let retryAt: number | null = null
  const shownAtMs: number[] = []

  const repaint = () => shown && draw(canvas, shown, chosen)

  /** As large as the screen allows, aspect kept, one canvas pixel a device pixel. */
  const fitCanvas = (): void => {
    if (shown === undefined) return
    const { width, height } = shown.frame
    const scale = Math.min(screen.clientWidth / width, screen.clientHeight / height)
    Object.assign(canvas.style, { width: `${width * scale}px`, height: `${height * scale}px` })
    const [w, h] = [width, height].map((side) => Math.round(side * scale * devicePixelRatio))
    // Setting a size, even the same, clears the canvas.
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h })
  }

  const toggle = (): void => {
    const isLarge = tile.classList.toggle('large')
    zoom.setAttribute('aria-pressed', String(isLarge))
    zoom.title = isLarge ? 'Shrink' : 'Enlarge'
  }
  zoom.addEventListener('click', toggle)
  screen.addEventListener('click', toggle)
  new ResizeObserver(() => {
    fitCanvas()
    repaint()
  }).observe(screen)

  const describe = ({ frame }: Shown): string => {
    const names = frame.faces.map((face) => (face.person === null ? 'somebody' : shortId(face.person)))
    return `Camera ${camera}: ${names.length === 0 ? 'nobody' : names.join(', ')}`
  }

  const tick = (nowMs: number): void => {
    while (shownAtMs.length > 0 && nowMs - (shownAtMs[0] ?? 0) > rateWindowMs) shownAtMs.shift()
    const rate = shownAtMs.length / (rateWindowMs / 1000)
    figures.textContent = rate === 0 ? '' : `${rate.toFixed(rate < 10 ? 1 : 0)} fps`
    const waitS = retryAt === null ? null : Math.ceil((retryAt - nowMs) / 1000)
    retry.textContent = waitS === null ? '' : waitS > 0 ? `Next try in ${waitS} s` : 'Trying again …'
  }

  return {
    element: tile,
    tick,
    change: (change, retryAtMs) => {
      tile.dataset.state = change.state
      stateText.textContent = stateTitle[change.state]
      reason.textContent = change.reason
      retryAt = retryAtMs
      tick(performance.now())
    },
    show: async (picture) => {
      arrivals += 1
      const arrival = arrivals
      // A broken picture is not worth more than a gap.
      const image = await createImageBitmap(new Blob([picture.jpeg], { type: 'image/jpeg' })).catch(() => null)
      if (image === null) return
      // Two are decoded at once: the older one may be ready later.
      if (arrival < lastShown) return image.close()
      lastShown = arrival
      shown?.image.close()
      shown = { frame: picture.frame, image }
      shownAtMs.push(performance.now())
      fitCanvas()
      repaint()
      const label = describe(shown)
      if (canvas.ariaLabel !== label) canvas.ariaLabel = label
      tile.classList.add('has-picture')
      tile.dataset.seq = String(picture.frame.seq)
    },
    choose: (person) => {
      chosen = person
      repaint()
    },
  }
}
