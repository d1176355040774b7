import { button, element } from './element.ts'

let count = 0

/**
 * A dialog with anything in it and a button that closes it, after which `buttons` come. The browser keeps the focus in it and
 * gives it back; Esc closes.
 */
export const openPanelDialog = (
  title: string,
  body: Node,
  onClose: () => void = () => undefined,
  buttons: readonly Node[] = [],
): HTMLDialogElement => {
  const id = `panel-dialog-${++count}`
  const close = button('Close', () => dialog.close())
  const dialog = element(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': id },
    element('h2', { id }, title),
    body,
    element('div', { class: 'dialog-buttons' }, close, ...buttons),
  )
  dialog.addEventListener('close', () => {
    dialog.remove()
    onClose()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
