import { button, element } from '../ui/element.ts'
import type { PageContext } from './page.ts'

const shortMs = 5000
const longMs = 10_000

/** Lines that come up for a few seconds. They stay while the pointer or the focus is on them. */
export const createToasts = (): { readonly element: HTMLElement; readonly say: PageContext['say'] } => {
  const polite = element('div', { class: 'toast-group', role: 'status' })
  const urgent = element('div', { class: 'toast-group', role: 'alert' })
  const all = element('div', { class: 'toasts' }, polite, urgent)

  const say: PageContext['say'] = (text, { undo, bad = false } = {}) => {
    const toast = element('div', { class: bad ? 'toast bad' : 'toast' }, element('p', {}, text))
    const remove = (): void => toast.remove()
    if (undo) {
      const undoIt = async (): Promise<void> => {
        remove()
        await undo().catch((error: Error) => say(`That could not be undone: ${error.message}`, { bad: true }))
      }
      toast.append(button('Undo', () => void undoIt()))
    }
    toast.append(button('✕', remove, { class: 'button quiet', 'aria-label': 'Dismiss' }))
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = (): void => {
      clearTimeout(timer)
      timer = setTimeout(remove, bad || undo ? longMs : shortMs)
    }
    for (const name of ['pointerenter', 'focusin']) toast.addEventListener(name, () => clearTimeout(timer))
    for (const name of ['pointerleave', 'focusout']) toast.addEventListener(name, wait)
    const group = bad ? urgent : polite
    group.append(toast)
    wait()
  }
  return { element: all, say }
}
