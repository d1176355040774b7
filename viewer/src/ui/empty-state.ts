import { element } from './element.ts'

/** What a list says that has nothing in it, and the button or link that would change that. */
export const emptyState = (text: string, action?: Node): HTMLElement =>
  element('div', { class: 'empty-state' }, element('p', {}, text), ...(action ? [action] : []))
