import { button, element } from '../../ui/element.ts'
import { type IconName, icon } from '../../ui/icon.ts'

/** A button that is on or off. */
export interface Toggle {
  readonly element: HTMLButtonElement
  set(isOn: boolean): void
}

/** `words` say what it does; `onToggle` is called with each press. */
export const createToggle = (name: IconName, words: string, onToggle: () => void): Toggle => {
  const created = button(icon(name), onToggle, { class: 'button icon-button', 'aria-pressed': 'false', title: words })
  created.ariaLabel = words
  return { element: created, set: (isOn) => created.setAttribute('aria-pressed', String(isOn)) }
}

/** The line over the grid: what is shown on the left, switches on the right. */
export const createToolbar = (title: Node, ...toggles: readonly Toggle[]): HTMLElement =>
  element(
    'div',
    { class: 'toolbar' },
    title,
    element('div', { class: 'switches', role: 'group', 'aria-label': 'View' }, ...toggles.map((each) => each.element)),
  )
