import type { PhotoVerdict } from '../../../../src/server/people-answers.ts'
import { ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { bestPhotosOf } from '../../ui/best-photos.ts'
import { button, element } from '../../ui/element.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { createPhotoInput } from '../../ui/photo-input.ts'
import { createPhotoList, photoForm, verdictsIn } from './photo-list.ts'

interface Enrolled {
  readonly person: { readonly id: string; readonly name: string | null }
  readonly photos: readonly PhotoVerdict[]
}

/** Asks for a name and photos, enrols the person, and shows what the review said of each photo. */
export const openEnrol = (context: PageContext): void => {
  let photos: readonly File[] = []
  const name = element('input', { type: 'text', autocomplete: 'off', maxlength: '200', required: '' })
  const list = createPhotoList()
  const submit = element('button', { type: 'submit', class: 'button primary', form: 'enrol-form' }, 'Enrol')
  const clear = button('Remove the photos', () => choose([]))
  const show = element('a', { class: 'button primary', hidden: '' })
  const choose = (chosen: readonly File[]): void => {
    photos = chosen
    void list.choose(photos)
    input.say(photos.length === 0 ? '' : photos.length === 1 ? 'One photo.' : `${photos.length} photos.`)
    input.shrink(photos.length > 0)
    ready()
  }
  const ready = (): void => {
    submit.disabled = photos.length === 0 || name.value.trim() === ''
    clear.hidden = photos.length === 0
    submit.hidden = false
    show.hidden = true
  }
  const input = createPhotoInput('Drop, paste or choose three to five photos of one person.', true, (more) =>
    choose([...photos, ...more].slice(0, 20)),
  )
  const showEnrolled = ({ person, photos: verdicts }: Enrolled): void => {
    const called = person.name ?? person.id
    const good = verdicts.filter(({ accepted }) => accepted).length
    input.say(`${called} is enrolled with ${good} of ${verdicts.length} photos.`)
    show.replaceChildren('Show ', element('bdi', {}, called))
    show.setAttribute('href', `#/people/${encodeURIComponent(person.id)}`)
    submit.hidden = true
    clear.hidden = true
    show.hidden = false
    show.focus()
  }
  const enrol = async (): Promise<void> => {
    submit.disabled = true
    input.say('Looking at the photos …')
    try {
      const answer = await context.api.upload<Enrolled>('/api/people/enroll', photoForm('name', name.value, photos))
      // The photos may be better than the picture that was known.
      bestPhotosOf(context.api).forget(answer.person.id)
      await list.review(photos, answer.photos)
      showEnrolled(answer)
    } catch (error) {
      await list.review(photos, verdictsIn(error))
      input.say(error instanceof ApiError ? error.message : String(error))
      ready()
    }
  }
  name.addEventListener('input', ready)
  const form = element(
    'form',
    { class: 'enrol', id: 'enrol-form' },
    element('label', { class: 'field' }, element('span', {}, 'Name'), name),
    input.element,
    list.element,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!submit.disabled) void enrol()
  })
  openPanelDialog('Enrol a person', form, () => input.close(), [clear, submit, show])
  name.focus()
  ready()
}
