import type { ListedCamera } from '../../../../src/server/camera-answers.ts'
import { button, element } from '../../ui/element.ts'
import { whenWords } from '../../ui/when.ts'
import { figuresOf, stateWords, troubleOf } from './camera-words.ts'

/** What can be done with a camera of the list. */
export interface RowActs {
  readonly edit: (camera: ListedCamera) => void
  readonly test: (camera: ListedCamera) => void
  readonly pause: (camera: ListedCamera) => void
  readonly remove: (camera: ListedCamera) => void
}

/** A camera in the list. Its elements stay, so that the keyboard's focus does. */
export interface CameraRow {
  readonly element: HTMLLIElement
  /** `file` is the name of the configuration file. `mayChange`: the token has the scope for it. */
  update(camera: ListedCamera, file: string | null, mayChange: boolean, nowMs: number): void
  /** Shows the newest picture. */
  showStill(jpeg: Blob): void
}

const write = (target: HTMLElement, text: string): void => {
  if (target.textContent !== text) target.textContent = text
  target.hidden = text === ''
}

/** The buttons of a row. `current` is the camera as it was told last. */
const createButtons = (name: string, acts: RowActs, current: () => ListedCamera | null) => {
  const act = (words: string, what: (camera: ListedCamera) => void, look = 'button') => {
    const does = (): void => {
      const camera = current()
      if (camera !== null) what(camera)
    }
    return button(words, does, { class: look, 'aria-label': `${words} ${name}` })
  }
  return {
    test: act('Test', acts.test),
    edit: act('Edit', acts.edit),
    pause: act('Pause', acts.pause, 'button pause'),
    remove: act('Remove', acts.remove, 'button careful'),
  }
}

/** The last picture, over an empty screen until there is one. */
const createStill = (name: string) => {
  const picture = element('img', { alt: `Latest picture of ${name}`, width: '640', height: '360' })
  const link = element(
    'a',
    { class: 'camera-still', href: `#/live/${encodeURIComponent(name)}`, title: 'Show live' },
    picture,
  )
  link.setAttribute('aria-label', `Show ${name} live`)
  picture.hidden = true
  let url = ''
  const forget = (): void => URL.revokeObjectURL(url)
  for (const done of ['load', 'error']) picture.addEventListener(done, forget)
  return {
    element: link,
    show: (jpeg: Blob): void => {
      forget()
      url = URL.createObjectURL(jpeg)
      picture.src = url
      picture.hidden = false
    },
  }
}

/** An empty row of the camera with this name. */
export const createCameraRow = (name: string, acts: RowActs): CameraRow => {
  let now: ListedCamera | null = null
  const state = element('span', { class: 'state' })
  const where = element('span', { class: 'where' })
  const url = element('bdi', { class: 'url' })
  const trouble = element('p', { class: 'trouble' })
  const remedy = element('p', { class: 'remedy' })
  const last = element('p', { class: 'last-error' })
  const figures = element('dl', { class: 'fact-list' })
  const buttons = createButtons(name, acts, () => now)
  const still = createStill(name)
  const link = element('a', { href: `#/live/${encodeURIComponent(name)}` }, element('bdi', {}, name))
  const dot = element('span', { class: 'dot', 'aria-hidden': 'true' })
  const head = element('div', { class: 'camera-head' }, dot, element('h3', {}, link), state, where)
  const acting = element('div', { class: 'camera-acts' }, ...Object.values(buttons))
  const row = element(
    'li',
    { class: 'camera-row panel', 'data-camera': name, tabindex: '-1' },
    still.element,
    element('div', { class: 'camera-facts' }, head, url, trouble, remedy, last, figures, acting),
  )
  return {
    element: row,
    update: (camera, file, mayChange, nowMs) => {
      now = camera
      row.dataset.state = camera.paused ? 'paused' : camera.state
      write(state, stateWords(camera))
      const own = camera.source === 'state'
      write(
        where,
        own ? 'added here' : file === null ? 'named on the command line: changed there' : `in ${file}: changed there`,
      )
      write(url, camera.url)
      const wrong = troubleOf(camera)
      write(trouble, wrong?.what ?? '')
      write(remedy, wrong?.remedy ?? '')
      const { lastError } = camera.figures
      write(
        last,
        wrong === null && lastError && !camera.paused
          ? `Last trouble, ${whenWords(lastError.atMs, nowMs)}: ${lastError.message}`
          : '',
      )
      writeFigures(figures, camera)
      writeButtons(buttons, camera, mayChange)
    },
    showStill: still.show,
  }
}

const writeButtons = (
  buttons: ReturnType<typeof createButtons>,
  { camera, paused, source }: ListedCamera,
  mayChange: boolean,
): void => {
  for (const each of Object.values(buttons)) {
    each.disabled = !mayChange
    each.title = mayChange ? '' : 'Your token may look, not change cameras (scope operate).'
  }
  const { edit, remove, pause } = buttons
  edit.hidden = source !== 'state'
  remove.hidden = source !== 'state'
  write(pause, paused ? 'Resume' : 'Pause')
  pause.setAttribute('aria-label', `${pause.textContent} ${camera}`)
}

/** Words that are longer than a column take the whole row. */
const mostInColumn = 32

const figureRow = ([what, says]: readonly [string, string]): HTMLElement =>
  element('div', says.length > mostInColumn ? { class: 'long' } : {}, element('dt', {}, what), element('dd', {}))

/** Rows of the table stay as long as there are as many. */
const writeFigures = (list: HTMLElement, camera: ListedCamera): void => {
  const rows = camera.paused || camera.state === 'offline' ? [] : figuresOf(camera)
  list.hidden = rows.length === 0
  const key = rows.map(([what, says]) => `${what}${says.length > mostInColumn ? ' long' : ''}`).join()
  if (list.dataset.rows !== key) {
    list.dataset.rows = key
    list.replaceChildren(...rows.map(figureRow))
  }
  const values = list.querySelectorAll('dd')
  for (const [i, [, says]] of rows.entries()) {
    const value = values[i]
    if (value && value.textContent !== says) value.textContent = says
  }
}
