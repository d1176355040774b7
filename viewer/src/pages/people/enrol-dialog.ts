import type { PhotoVerdict } from '../../../../src/server/people-answers.ts'
import { ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { markedPhoto } from '../../ui/marked-photo.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { createPhotoInput } from '../../ui/photo-input.ts'

interface Enrolled {
  readonly person: { readonly id: string; readonly name: string | null }
  readonly photos: readonly PhotoVerdict[]
}

/** What a server's refusal says of each photo. */
const verdictsIn = (error: unknown): readonly PhotoVerdict[] => {
  const details = error instanceof ApiError ? error.details : undefined
  return (details as { readonly photos?: readonly PhotoVerdict[] } | undefined)?.photos ?? []
}

const reviewOf = async (photo: File, verdict: PhotoVerdict): Promise<HTMLElement> => {
  const { accepted, why, turn, boxes } = verdict
  const words = accepted ? `Good${turn === 0 ? '' : `, turned by ${turn} degrees`}.` : `Not used: ${why}.`
  const marks = boxes.map((box, i) => ({ box, good: accepted && i === 0 }))
  return element(
    'li',
    { class: accepted ? 'good' : 'refused' },
    await markedPhoto(photo, turn, marks, `${verdict.file}, with its faces marked`),
    element('p', {}, element('bdi', { class: 'file' }, verdict.file), ' ', words),
  )
}

/** Asks for a name and photos, enrols the person, and shows what the review said of each photo. */
export const openEnrol = (context: PageContext): void => {
  let photos: readonly File[] = []
  const name = element('input', { type: 'text', autocomplete: 'off', maxlength: '200', required: '' })
  const list = element('ul', { class: 'reviews' })
  const submit = element('button', { type: 'submit', class: 'button primary' }, 'Enrol')
  const clear = button('Remove the photos', () => choose([]))
  const choose = (chosen: readonly File[]): void => {
    photos = chosen
    list.replaceChildren(...photos.map((file) => element('li', {}, element('bdi', {}, file.name))))
    input.say(photos.length === 0 ? '' : photos.length === 1 ? 'One photo.' : `${photos.length} photos.`)
    ready()
  }
  const ready = (): void => {
    submit.disabled = photos.length === 0 || name.value.trim() === ''
    clear.hidden = photos.length === 0
  }
  const input = createPhotoInput('Drop, paste or choose three to five photos of one person.', true, (more) =>
    choose([...photos, ...more].slice(0, 20)),
  )
  const showReview = async (verdicts: readonly PhotoVerdict[]): Promise<void> => {
    const rows = verdicts.flatMap((verdict, i) => {
      const photo = photos[i]
      return photo ? [reviewOf(photo, verdict)] : []
    })
    list.replaceChildren(...(await Promise.all(rows)))
  }
  const enrol = async (): Promise<void> => {
    submit.disabled = true
    input.say('Looking at the photos …')
    const data = new FormData()
    data.append('name', name.value)
    for (const photo of photos) data.append('photo', photo, photo.name)
    try {
      const { person, photos: verdicts } = await context.api.upload<Enrolled>('/api/people/enroll', data)
      await showReview(verdicts)
      const good = verdicts.filter(({ accepted }) => accepted).length
      input.say(`${person.name ?? person.id} is enrolled with ${good} of ${verdicts.length} photos.`)
      context.say(`${person.name ?? person.id} is enrolled`)
    } catch (error) {
      await showReview(verdictsIn(error))
      input.say(error instanceof ApiError ? error.message : String(error))
    }
    ready()
  }
  name.addEventListener('input', ready)
  const form = element(
    'form',
    { class: 'enrol' },
    element('label', { class: 'field' }, element('span', {}, 'Name'), name),
    input.element,
    list,
    element('div', { class: 'dialog-buttons' }, clear, submit),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!submit.disabled) void enrol()
  })
  openPanelDialog('Enrol a person', form, () => input.close())
  name.focus()
  ready()
}
