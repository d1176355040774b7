import { button, element } from './element.ts'

let count = 0

/** A dialog with anything in it and a button that closes it. The browser keeps the focus in it and gives it back; Esc closes. */
export const openPanelDialog = (
  title: string,
  body: Node,
  onClose: () => void = () => undefined,
): HTMLDialogElement => {
  const id = `panel-dialog-${++count}`
  const close = button('Close', () => dialog.close())
  const dialog = element(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': id },
    element('h2', { id }, title),
    body,
    element('div', { class: 'dialog-buttons' }, close),
  )
  dialog.addEventListener('close', () => {
    dialog.remove()
    onClose()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
