import type { ListedCamera } from '../../../../src/server/camera-answers.ts'
import { button, element } from '../../ui/element.ts'
import { whenWords } from '../../ui/when.ts'
import { figuresOf, stateWords, troubleOf } from './camera-words.ts'

/** What can be done with a camera of the list. */
export interface RowActs {
  edit(camera: ListedCamera): void
  test(camera: ListedCamera): void
  pause(camera: ListedCamera): void
  remove(camera: ListedCamera): void
}

/** A camera in the list. Its elements stay, so that the keyboard's focus does. */
export interface CameraRow {
  readonly element: HTMLLIElement
  /** `file` is the name of the configuration file. `mayChange`: the token has the scope for it. */
  update(camera: ListedCamera, file: string | null, mayChange: boolean, nowMs: number): void
}

const write = (target: HTMLElement, text: string): void => {
  if (target.textContent !== text) target.textContent = text
  target.hidden = text === ''
}

/** An empty row of the camera with this name. */
export const createCameraRow = (name: string, acts: RowActs): CameraRow => {
  let now: ListedCamera | null = null
  const act = (
    words: string,
    what: (camera: ListedCamera) => void,
    attributes: Readonly<Record<string, string>> = {},
  ) => button(words, () => now && what(now), { 'aria-label': `${words} ${name}`, ...attributes })
  const state = element('span', { class: 'state' })
  const where = element('span', { class: 'where' })
  const url = element('bdi', { class: 'url' })
  const trouble = element('p', { class: 'trouble' })
  const remedy = element('p', { class: 'remedy' })
  const last = element('p', { class: 'last-error' })
  const figures = element('dl', { class: 'fact-list' })
  const test = act('Test', (camera) => acts.test(camera))
  const edit = act('Edit', (camera) => acts.edit(camera))
  const pause = act('Pause', (camera) => acts.pause(camera), { class: 'button pause' })
  const remove = act('Remove', (camera) => acts.remove(camera))
  const link = element('a', { href: `#/live/${encodeURIComponent(name)}` }, element('bdi', {}, name))
  const row = element(
    'li',
    { class: 'camera-row panel', 'data-camera': name, tabindex: '-1' },
    element(
      'div',
      { class: 'camera-head' },
      element('span', { class: 'dot', 'aria-hidden': 'true' }),
      element('h3', {}, link),
      state,
      where,
    ),
    url,
    trouble,
    remedy,
    last,
    figures,
    element('div', { class: 'camera-acts' }, test, edit, pause, remove),
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
      for (const each of [test, edit, pause, remove]) {
        each.disabled = !mayChange
        each.title = mayChange ? '' : 'Your token may look, not change cameras (scope operate).'
      }
      edit.hidden = !own
      remove.hidden = !own
      write(pause, camera.paused ? 'Resume' : 'Pause')
      pause.setAttribute('aria-label', `${pause.textContent} ${name}`)
    },
  }
}

/** Rows of the table stay as long as there are as many. */
const writeFigures = (list: HTMLElement, camera: ListedCamera): void => {
  const rows = camera.paused || camera.state === 'offline' ? [] : figuresOf(camera)
  list.hidden = rows.length === 0
  const key = rows.map(([what]) => what).join()
  if (list.dataset.rows !== key) {
    list.dataset.rows = key
    list.replaceChildren(...rows.map(([what]) => element('div', {}, element('dt', {}, what), element('dd', {}))))
  }
  const values = list.querySelectorAll('dd')
  for (const [i, [, says]] of rows.entries()) {
    const value = values[i]
    if (value && value.textContent !== says) value.textContent = says
  }
}
