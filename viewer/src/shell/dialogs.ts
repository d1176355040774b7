import { button, element } from '../ui/element.ts'
import { createDialogWork } from './dialog-work.ts'
import type { Question } from './page.ts'

let count = 0

/** The field in which `typed` must be typed before `yes` can be pressed. */
const typedField = (typed: string, yes: HTMLButtonElement): HTMLElement => {
  const field = element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' })
  yes.disabled = true
  field.addEventListener('input', () => {
    yes.disabled = field.value.trim() !== typed
  })
  const words = element('span', {}, 'Type ', element('bdi', { class: 'typed' }, typed), ' to confirm')
  return element('label', {}, words, field)
}

/**
 * Asks in a modal dialog; the browser keeps the focus in it and gives it back afterwards. Resolves true when the user said
 * yes and the work, if any, is done; false after Cancel or Esc.
 */
export const ask = ({ title, body, confirm, danger = false, typed, work }: Question): Promise<boolean> =>
  new Promise((resolve) => {
    const id = `dialog-${++count}`
    const yes = element('button', { type: 'submit', class: danger ? 'button danger' : 'button primary' }, confirm)
    const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': `${id}-title` })
    const { refusal, run } = createDialogWork(dialog)
    const cancel = button('Cancel', () => dialog.close('no'))
    const form = element(
      'form',
      { method: 'dialog' },
      element('h2', { id: `${id}-title` }, title),
      typeof body === 'string' ? element('p', {}, body) : body,
      ...(typed === undefined ? [] : [typedField(typed, yes)]),
      refusal,
      element('div', { class: 'dialog-buttons' }, cancel, yes),
    )
    dialog.append(form)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (yes.disabled) return
      void run(work ?? (async () => undefined)).then((isDone) => {
        if (isDone) dialog.close('yes')
      })
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
