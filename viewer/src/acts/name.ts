import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personAvatar } from '../ui/person-avatar.ts'
import { choose } from './choose.ts'

/** The names that are known, each once. */
const namesIn = ({ site }: PageContext): string[] =>
  [...new Set(site.people().flatMap(({ name }) => name ?? []))].sort((a, b) => a.localeCompare(b))

const nameField = (present: string): HTMLInputElement => {
  const attributes = { type: 'text', maxlength: '200', autocomplete: 'off', spellcheck: 'false' }
  const field = element('input', { ...attributes, list: 'known-names', dir: 'auto' })
  field.value = present
  return field
}

/** Whoever else has this name; undefined for nobody. */
const otherCalled = ({ site }: PageContext, id: PersonId, name: string): PersonId | undefined =>
  name === '' ? undefined : site.people().find((one) => one.name === name && one.id !== id)?.id

/**
 * What came of asking for a name: it is saved; nothing has changed, as after Cancel; or the person is the same as another,
 * who has this name already.
 */
export type Naming = 'saved' | 'nothing' | { readonly same: PersonId }

/**
 * Asks for the name of a person and suggests those that are known. `save` saves it ('' takes the name away); what it rejects
 * with is said in the dialog. Where the name is somebody's already, asks whether that is meant.
 */
export const askName = async (
  context: PageContext,
  person: PersonId,
  save: (name: string) => Promise<unknown>,
): Promise<Naming> => {
  const id = context.site.resolve(person)
  const present = context.site.person(id)?.name ?? ''
  const field = nameField(present)
  const nameIn = (): string => field.value.trim().normalize('NFC')
  const known = namesIn(context).map((name) => element('option', { value: name }))
  const body = element(
    'div',
    { class: 'act' },
    element('div', { class: 'act-sides' }, personAvatar(context, id, 96)),
    element('label', {}, 'Name', field),
    element('datalist', { id: 'known-names' }, ...known),
    element('p', { class: 'act-note' }, 'Choose a name that is known, or type a new one.'),
  )
  queueMicrotask(() => field.select())
  let other: PersonId | undefined
  const work = async (): Promise<unknown> => {
    other = otherCalled(context, id, nameIn())
    return nameIn() === present || other !== undefined ? undefined : save(nameIn())
  }
  const title = present === '' ? 'Who is this?' : 'What is the name?'
  if (!(await context.ask({ title, body, confirm: 'Save', work }))) return 'nothing'
  const name = nameIn()
  if (name === present) return 'nothing'
  return other === undefined ? 'saved' : askWhich(context, { id, other, name }, save)
}

const askWhich = async (
  context: PageContext,
  { id, other, name }: { readonly id: PersonId; readonly other: PersonId; readonly name: string },
  save: (name: string) => Promise<unknown>,
): Promise<Naming> => {
  const body = element(
    'div',
    { class: 'act' },
    element('div', { class: 'act-sides' }, personAvatar(context, id, 96), personAvatar(context, other, 96)),
    element('p', {}, 'Somebody is called ', element('bdi', {}, name), ' already. Two people may have the same name.'),
  )
  const answer = await choose<Naming>({
    title: 'Is it the same person?',
    body,
    choices: [
      { words: 'Somebody else', value: 'saved' },
      { words: 'The same: compare and merge', value: { same: other }, look: 'primary' },
    ],
    work: async (value) => value === 'saved' && save(name),
  })
  return answer ?? 'nothing'
}
