import { element } from '../ui/element.ts'
import { errorWords } from './api.ts'

/** Work of a dialog that is done while it is open. */
export interface DialogWork {
  /** Where a refusal is said; screen readers read it at once. */
  readonly refusal: HTMLElement
  /** Does the work. Resolves true when it is done; false when it was refused, or runs already. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>
}

/** Says in the dialog what was refused: behind a modal dialog a toast can be neither read out nor clicked. */
export const createDialogWork = (dialog: HTMLDialogElement): DialogWork => {
  const refusal = element('p', { class: 'dialog-refusal', role: 'alert' })
  let isBusy = false
  dialog.addEventListener('cancel', (event) => {
    if (isBusy) event.preventDefault()
  })
  return {
    refusal,
    async run(work) {
      if (isBusy) return false
      isBusy = true
      refusal.textContent = ''
      dialog.setAttribute('aria-busy', 'true')
      try {
        await work()
        return true
      } catch (error) {
        refusal.textContent = errorWords(error)
        return false
      } finally {
        isBusy = false
        dialog.removeAttribute('aria-busy')
      }
    },
  }
}
