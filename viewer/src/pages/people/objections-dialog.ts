import type { ListedObjection, Objected, PhotoVerdict } from '../../../../src/server/people-answers.ts'
import { noteField, noteIn, showCode } from '../../acts/objection.ts'
import { errorWords } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { createPhotoInput } from '../../ui/photo-input.ts'
import { whenWords } from '../../ui/when.ts'
import { createPhotoList, photoForm, verdictsIn } from './photo-list.ts'

interface Objections {
  readonly objections: readonly ListedObjection[]
}

/** Asks for photos of somebody who objects, and says of each whether it was used. `onDone` is called after an objection. */
const openByPhotos = (context: PageContext, onDone: () => void): void => {
  let photos: readonly File[] = []
  const list = createPhotoList()
  const note = noteField()
  const submit = button('Never recognise them', () => void object(), { class: 'button danger', disabled: '' })
  const choose = (more: readonly File[]): void => {
    photos = [...photos, ...more].slice(0, 20)
    void list.choose(photos)
    input.say(photos.length === 1 ? 'One photo.' : `${photos.length} photos.`)
    input.shrink(true)
    submit.disabled = false
  }
  const object = async (): Promise<void> => {
    submit.disabled = true
    input.say('Looking at the photos …')
    try {
      const form = photoForm('note', noteIn(note) ?? '', photos)
      const done = await context.api.upload<Objected & { photos: readonly PhotoVerdict[] }>('/api/objections', form)
      await list.review(photos, done.photos)
      const good = done.photos.filter(({ accepted }) => accepted).length
      input.say(`It is taken down, with ${good} of ${done.photos.length} photos.`)
      submit.hidden = true
      onDone()
      await showCode(context, done)
    } catch (error) {
      await list.review(photos, verdictsIn(error))
      input.say(errorWords(error))
      submit.disabled = false
    }
  }
  const input = createPhotoInput('Drop, paste or choose three to five photos of one person.', true, choose)
  const body = element(
    'div',
    { class: 'act' },
    element('p', {}, 'Whoever these photos show is deleted, and never recognised again. The photos are kept nowhere.'),
    input.element,
    list.element,
    element('label', { class: 'field' }, element('span', {}, 'Note, without a name'), note),
  )
  openPanelDialog('Who objects?', body, () => input.close(), [submit])
}

/** Takes an objection back, by its code. */
const openRevoke = async (context: PageContext, { id }: ListedObjection): Promise<boolean> => {
  const code = element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', required: '' })
  const body = element(
    'div',
    { class: 'act' },
    element('p', {}, 'Whoever it is can be recognised again. The objector was given the code.'),
    element('label', {}, 'Code', code),
  )
  const work = (): Promise<unknown> => context.api.post(`/api/objections/${id}/revoke`, { code: code.value })
  return context.ask({ title: 'Take the objection back?', body, confirm: 'Take back', work })
}

const rowOf = (context: PageContext, each: ListedObjection, number: number, onDone: () => void): HTMLElement => {
  const { id, objectedAtMs, how, note } = each
  const takeBack = button('Take back …', () => void openRevoke(context, each).then((isDone) => isDone && onDone()), {
    'aria-label': `Take back ${id}`,
  })
  takeBack.disabled = !context.may('operate')
  const words = `${number}. ${whenWords(objectedAtMs)}, by ${how === 'photo' ? 'photo' : 'ID'}`
  const more = element('small', {}, element('code', {}, id), ...(note === null ? [] : [` ${note}`]))
  return element('li', {}, element('div', {}, element('p', {}, words), more), takeBack)
}

/** Lists who is never to be recognised, by number and date, takes an objection back and takes one down by photos. */
export const openObjections = (context: PageContext): void => {
  const list = element('ol', { class: 'action-list' })
  const status = element('p', { role: 'status' })
  const draw = async (): Promise<void> => {
    try {
      const { objections } = await context.api.get<Objections>('/api/objections')
      status.textContent = objections.length === 0 ? 'Nobody has objected.' : ''
      list.replaceChildren(...objections.map((each, i) => rowOf(context, each, i + 1, () => void draw())))
    } catch (error) {
      status.textContent = errorWords(error)
    }
  }
  const byPhotos = button('By photos …', () => openByPhotos(context, () => void draw()))
  byPhotos.disabled = !context.may('operate')
  if (byPhotos.disabled) byPhotos.title = 'Your token lacks the scope operate.'
  const body = element(
    'div',
    { class: 'act' },
    element('p', {}, 'These people are dropped wherever they are seen. Nothing here says who they are.'),
    status,
    list,
  )
  openPanelDialog('Objections', body, undefined, [byPhotos])
  void draw()
}
