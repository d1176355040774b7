import { button, element } from './element.ts'

/** Where photos are dropped, pasted, or chosen. */
export interface PhotoInput {
  readonly element: HTMLElement
  /** Says what happens with the photos, such as `Looking for faces …`. */
  say(text: string): void
  /** Takes less room: there are photos now, and they count. */
  shrink(isSmall: boolean): void
  /** Stops listening for what is pasted. */
  close(): void
}

const filesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])]

/** Calls `take` with the photos. `words` says what to do. `several` takes more than one at once. */
export const createPhotoInput = (
  words: string,
  several: boolean,
  take: (photos: readonly File[]) => void,
): PhotoInput => {
  const field = element('input', { type: 'file', accept: 'image/*,.heic,.heif', class: 'off-screen', tabindex: '-1' })
  field.multiple = several
  field.setAttribute('aria-label', words)
  const status = element('p', { role: 'status' })
  const choose = button('', () => field.click(), { class: 'button primary' })
  const zone = element('div', { class: 'photo-input' }, element('p', { class: 'hint' }, words), choose, status, field)
  const shrink = (isSmall: boolean): void => {
    zone.classList.toggle('small', isSmall)
    choose.classList.toggle('primary', !isSmall)
    if (isSmall) choose.textContent = several ? 'More photos' : 'Another photo'
    else choose.textContent = several ? 'Choose photos' : 'Choose a photo'
  }
  shrink(false)
  const given = (files: readonly File[]): void => {
    if (files.length > 0) take(several ? files : files.slice(0, 1))
  }
  field.addEventListener('change', () => {
    given([...(field.files ?? [])])
    field.value = ''
  })
  zone.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone.classList.add('over')
  })
  zone.addEventListener('dragleave', () => zone.classList.remove('over'))
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    zone.classList.remove('over')
    given(filesOf(event.dataTransfer))
  })
  const onPaste = (event: ClipboardEvent): void => given(filesOf(event.clipboardData))
  document.addEventListener('paste', onPaste)
  return {
    element: zone,
    say: (text) => {
      status.textContent = text
    },
    shrink,
    close: () => document.removeEventListener('paste', onPaste),
  }
}
