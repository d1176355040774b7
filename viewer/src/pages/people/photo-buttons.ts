import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { openEnrol } from './enrol-dialog.ts'
import { openFind } from './find-dialog.ts'

/** What the page does with photos: search and enrolment, by button, by drop and by paste. */
export interface PhotoButtons {
  readonly buttons: readonly HTMLElement[]
  /** Says once why there are no pictures. */
  readonly why: HTMLElement
  /** Says what the caller may do. */
  allow(): void
  /** Takes photos that are dropped on `page`. */
  takeDrops(page: HTMLElement): void
  /** Takes photos that are pasted, until the function that this returns is called. */
  takePastes(): () => void
}

/** All need the scope `biometric`. */
export const createPhotoButtons = (context: PageContext): PhotoButtons => {
  const isAllowed = (): boolean => context.may('biometric')
  const find = button('Who is this?', () => openFind(context), { title: 'Search by a photo' })
  const enrol = button('Enrol', () => openEnrol(context), { class: 'button primary' })
  const why = element('p', { class: 'why-no-pictures', hidden: '' })
  const take = (data: DataTransfer | null): void => {
    const [photo] = data?.files ?? []
    if (photo && isAllowed() && document.querySelector('dialog[open]') === null) openFind(context, photo)
  }
  const onPaste = ({ clipboardData }: ClipboardEvent): void => take(clipboardData)
  return {
    buttons: [find, enrol],
    why,
    allow() {
      for (const each of [find, enrol]) {
        each.disabled = !isAllowed()
        if (each.disabled) each.title = 'Your token lacks the scope biometric.'
      }
      why.hidden = isAllowed()
      why.textContent = isAllowed() ? '' : 'Pictures need a token with the scope biometric; you see colours and IDs.'
    },
    takeDrops(page) {
      page.addEventListener('dragover', (event) => event.preventDefault())
      page.addEventListener('drop', (event) => {
        event.preventDefault()
        take(event.dataTransfer)
      })
    },
    takePastes() {
      document.addEventListener('paste', onPaste)
      return () => document.removeEventListener('paste', onPaste)
    },
  }
}
