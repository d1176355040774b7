import type { Picture } from '@rollcall/client'
import type { CameraChange, CameraId, PersonId } from '../../../../src/types.ts'
import { element } from '../../ui/element.ts'
import { type DrawOptions, draw, type Shown } from './draw.ts'

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
  /** Updates the frame rate and the time to the next attempt. `nowMs` is `performance.now()`. */
  tick(nowMs: number): void
}

const stateTitle = {
  opening: 'Opening',
  online: 'Online',
  overloaded: 'Overloaded',
  frozen: 'Frozen',
  offline: 'Offline',
  ended: 'Ended',
} as const

const damageMeans =
  'Something that this picture refers to was lost, or the camera has sent no key frame yet. Nobody is told by it.'

/** The elements of a tile. */
const createElements = (camera: CameraId) => {
  const canvas = element('canvas', { role: 'img', 'aria-label': `Camera ${camera}: no picture yet` })
  const state = element('strong')
  const reason = element('span')
  const retry = element('span', { class: 'retry' })
  const overlay = element('div', { class: 'overlay', role: 'status' }, state, reason, retry)
  const figures = element('span', { class: 'figures' })
  const zoom = element('button', { type: 'button', 'aria-pressed': 'false', title: 'Enlarge' }, camera)
  const damage = element('span', { class: 'damage', title: damageMeans }, 'damaged picture')
  damage.hidden = true
  const caption = element('figcaption', {}, element('i', { class: 'dot' }), zoom, damage, figures)
  const screen = element('div', { class: 'screen' }, canvas, overlay)
  const tile = element('figure', { class: 'tile' }, screen, caption)
  tile.dataset.camera = camera
  return { tile, screen, canvas, state, reason, retry, damage, figures, zoom }
}

/**
 * Makes the canvas as large as the screen allows. It keeps the picture's aspect, with one canvas pixel a device pixel.
 */
const fitCanvas = (canvas: HTMLCanvasElement, screen: HTMLElement, { width, height }: Shown['frame']): void => {
  const scale = Math.min(screen.clientWidth / width, screen.clientHeight / height)
  Object.assign(canvas.style, { width: `${width * scale}px`, height: `${height * scale}px` })
  const [w, h] = [width, height].map((side) => Math.round(side * scale * devicePixelRatio))
  // Setting a size, even the same, clears the canvas.
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h })
}

const describe = (camera: CameraId, { faces, damaged }: Shown['frame'], nameOf: DrawOptions['nameOf']): string => {
  const names = faces.map((face) => (face.person === null ? 'somebody' : nameOf(face.person)))
  return `Camera ${camera}: ${names.length === 0 ? 'nobody' : names.join(', ')}${damaged ? ' (damaged picture)' : ''}`
}

/** Frames a second over the last `rateWindowMs`, as text; empty without frames. Forgets older times. */
const rateText = (shownAtMs: number[], nowMs: number): string => {
  while (shownAtMs.length > 0 && nowMs - (shownAtMs[0] ?? 0) > rateWindowMs) shownAtMs.shift()
  const rate = shownAtMs.length / (rateWindowMs / 1000)
  return rate === 0 ? '' : `${rate.toFixed(rate < 10 ? 1 : 0)} fps`
}

/** Shows one camera: its newest picture with its boxes, and its state over it. A click or Enter enlarges it. */
export const createTile = (camera: CameraId, words: Omit<DrawOptions, 'chosen'>): Tile => {
  const { tile, screen, canvas, state, reason, retry, damage, figures, zoom } = createElements(camera)
  let shown: Shown | undefined
  let chosen: PersonId | null = null
  let arrivals = 0
  let lastShown = 0
  let retryAt: number | null = null
  const shownAtMs: number[] = []

  const repaint = (): void => {
    if (shown === undefined) return
    fitCanvas(canvas, screen, shown.frame)
    draw(canvas, shown, { ...words, chosen })
  }
  new ResizeObserver(repaint).observe(screen)

  const toggle = (): void => {
    const isLarge = tile.classList.toggle('large')
    zoom.setAttribute('aria-pressed', String(isLarge))
    zoom.title = isLarge ? 'Shrink' : 'Enlarge'
  }
  zoom.addEventListener('click', toggle)
  screen.addEventListener('click', toggle)

  const tick = (nowMs: number): void => {
    figures.textContent = rateText(shownAtMs, nowMs)
    const waitS = retryAt === null ? null : Math.ceil((retryAt - nowMs) / 1000)
    retry.textContent = waitS === null ? '' : waitS > 0 ? `Next try in ${waitS} s` : 'Trying again …'
  }

  return {
    element: tile,
    tick,
    change: (change, retryAtMs) => {
      tile.dataset.state = change.state
      state.textContent = stateTitle[change.state]
      reason.textContent = change.reason
      retryAt = retryAtMs
      tick(performance.now())
    },
    show: async (picture) => {
      arrivals += 1
      const arrival = arrivals
      // A broken picture is left out.
      const image = await createImageBitmap(new Blob([picture.jpeg], { type: 'image/jpeg' })).catch(() => null)
      if (image === null) return
      // Two pictures may be decoded at the same time, and the older one may be ready later.
      if (arrival < lastShown) return image.close()
      lastShown = arrival
      shown?.image.close()
      shown = { frame: picture.frame, image }
      shownAtMs.push(performance.now())
      damage.hidden = picture.frame.damaged !== true
      repaint()
      const label = describe(camera, shown.frame, words.nameOf)
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
