import type { Objected } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { copyText } from '../ui/copy.ts'
import { button, element } from '../ui/element.ts'
import { openPanelDialog } from '../ui/panel-dialog.ts'
import { personChip } from '../ui/person-chip.ts'
import { personWords } from './side-by-side.ts'

/** A field for a note about an objection. */
export const noteField = (): HTMLInputElement =>
  element('input', { type: 'text', maxlength: '200', autocomplete: 'off', spellcheck: 'false' })

/** What a note field says, as the server takes it. */
export const noteIn = ({ value }: HTMLInputElement): string | null => value.trim() || null

/** Shows the code of a new objection, which is kept nowhere. Resolves once that is closed. */
export const showCode = ({ say }: PageContext, { objection, code, events }: Objected): Promise<void> =>
  new Promise((resolve) => {
    const deleted = events.filter(({ type }) => type === 'rollcall.person.deleted.v1').length
    const who = deleted === 1 ? 'One person was deleted' : `${deleted || 'No'} people were deleted`
    const body = element(
      'div',
      { class: 'act' },
      element('p', {}, `${who}. Whoever it is, is never recognised again.`),
      element('p', {}, 'This code takes it back. It is shown this once: give it to the objector, and keep no copy.'),
      element('code', { class: 'objection-code' }, code),
      element('p', { class: 'act-note' }, `Objection ${objection}`),
    )
    const copy = button('Copy', () => void copyText(code).then((isCopied) => isCopied && say('Copied.')))
    openPanelDialog('The code of the objector', body, resolve, [copy])
  })

/**
 * Says what an objection means, asks for the name or ID to be typed, deletes the person, and shows the code. Resolves true when
 * it was done, and false after Cancel or Esc. Needs the scope `operate`.
 */
export const openNever = async (context: PageContext, person: PersonId): Promise<boolean> => {
  const { site, api } = context
  const id = site.resolve(person)
  const note = noteField()
  const body = element(
    'div',
    { class: 'act' },
    personWords(context, id, element('p', {}, personChip(context, id), ' objects to being recognised:')),
    element(
      'ul',
      { class: 'act-changes' },
      element(
        'li',
        {},
        'the person is deleted with every trace, and so is everybody without a name who looks the same,',
      ),
      element('li', {}, 'a template of the face is kept, only to drop it wherever it is seen,'),
      element('li', {}, 'a code takes the objection back; the person does not come back by it.'),
    ),
    element('label', {}, 'Note, without a name', note),
    element('p', { class: 'act-against' }, 'The deletion cannot be undone.'),
  )
  let objected: Objected | null = null
  const isDone = await context.ask({
    title: 'Never recognise this person?',
    body,
    confirm: 'Never recognise',
    danger: true,
    typed: site.nameOf(id),
    work: async () => {
      objected = await api.post<Objected>('/api/objections', { person: id, note: noteIn(note) })
    },
  })
  if (!isDone || objected === null) return false
  await showCode(context, objected)
  return true
}
