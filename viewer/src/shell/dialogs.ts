import { button, element } from '../ui/element.ts'
import type { Question } from './page.ts'

let count = 0

/**
 * Asks in a modal dialog; the browser keeps the focus in it and gives it back afterwards. Resolves false after Cancel or
 * Esc.
 */
export const ask = ({ title, body, confirm, danger = false, typed }: Question): Promise<boolean> =>
  new Promise((resolve) => {
    const id = `dialog-${++count}`
    const yes = element('button', { type: 'submit', class: danger ? 'button danger' : 'button primary' }, confirm)
    const field = element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' })
    const form = element(
      'form',
      { method: 'dialog' },
      element('h2', { id: `${id}-title` }, title),
      typeof body === 'string' ? element('p', {}, body) : body,
    )
    if (typed !== undefined) {
      yes.disabled = true
      field.addEventListener('input', () => {
        yes.disabled = field.value.trim() !== typed
      })
      const label = element('label', {}, 'Type ', element('bdi', { class: 'typed' }, typed), ' to confirm', field)
      form.append(label)
    }
    const cancel = button('Cancel', () => dialog.close('no'))
    form.append(element('div', { class: 'dialog-buttons' }, cancel, yes))
    const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': `${id}-title` }, form)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!yes.disabled) dialog.close('yes')
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
