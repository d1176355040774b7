import type { CameraId } from '../../../../src/types.ts'
import { button, element } from '../../ui/element.ts'
import { icon } from '../../ui/icon.ts'

const damageMeans =
  'Something that this picture refers to was lost, or the camera has sent no key frame yet. Nobody is told by it.'

/** What the buttons of a tile do. */
export interface TileActs {
  /** Shows the camera large, or all again. */
  readonly onEnlarge: () => void
  readonly onPin: () => void
}

/** The elements of a tile. */
export const createTileElements = (camera: CameraId, { onEnlarge, onPin }: TileActs) => {
  const canvas = element('canvas', { role: 'img', 'aria-label': `Camera ${camera}: no picture yet` })
  const state = element('strong')
  const reason = element('span')
  const retry = element('span', { class: 'retry' })
  const spinner = element('i', { class: 'spinner' })
  const overlay = element('div', { class: 'overlay', role: 'status' }, spinner, state, reason, retry)
  const readout = element('p', { class: 'readout' })
  const damage = element('span', { class: 'damage', title: damageMeans }, 'damaged picture')
  damage.hidden = true
  const notice = element('span', { class: 'notice' })
  notice.hidden = true
  const screen = element(
    'div',
    { class: 'screen' },
    canvas,
    element('div', { class: 'marks' }, notice, readout),
    damage,
    overlay,
  )
  screen.addEventListener('click', onEnlarge)
  const figures = element('span', { class: 'figures' })
  const zoom = button(camera, onEnlarge, { class: 'zoom', 'aria-pressed': 'false', title: 'Show large' })
  const pin = button(icon('pin'), onPin, { class: 'button icon-button pin', 'aria-pressed': 'false' })
  pin.ariaLabel = `Pin ${camera}`
  pin.title = 'Pin: comes first'
  const caption = element('figcaption', {}, element('i', { class: 'dot' }), zoom, figures, pin)
  const tile = element('figure', { class: 'tile' }, screen, caption)
  tile.dataset.camera = camera
  return { tile, screen, canvas, state, reason, retry, damage, notice, figures, zoom, pin, readout }
}
