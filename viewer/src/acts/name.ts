import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personAvatar } from '../ui/person-avatar.ts'
import { choose } from './choose.ts'

/** The names that are known, each once. */
const namesIn = ({ site }: PageContext): string[] =>
  [...new Set(site.people().flatMap(({ name }) => name ?? []))].sort((a, b) => a.localeCompare(b))

/** Asks for the name of a person and suggests those that are known. '' takes the name away; null after Cancel or Esc. */
export const askName = async (context: PageContext, person: PersonId): Promise<string | null> => {
  const { site } = context
  const present = site.person(person)?.name ?? ''
  const field = element('input', {
    type: 'text',
    maxlength: '200',
    autocomplete: 'off',
    spellcheck: 'false',
    list: 'known-names',
    dir: 'auto',
  })
  field.value = present
  const known = element(
    'datalist',
    { id: 'known-names' },
    ...namesIn(context).map((name) => element('option', { value: name })),
  )
  const body = element(
    'div',
    { class: 'act' },
    element('div', { class: 'act-sides' }, personAvatar(context, person, 96)),
    element('label', {}, 'Name', field),
    known,
    element('p', { class: 'act-note' }, 'Choose a name that is known, or type a new one.'),
  )
  queueMicrotask(() => field.select())
  const title = present === '' ? 'Who is this?' : 'What is the name?'
  if (!(await context.ask({ title, body, confirm: 'Save' }))) return null
  const name = field.value.trim().normalize('NFC')
  return name === present ? null : name
}

/** Whether a name is free, or meant for another person of that name; or whose it is already. */
export type NameUse = 'free' | 'cancel' | { readonly same: PersonId }

/** Asks whether somebody who has this name already is meant. `cancel` after Cancel or Esc. */
export const nameIsTaken = async (context: PageContext, person: PersonId, name: string): Promise<NameUse> => {
  const { site } = context
  const id = site.resolve(person)
  const [other] = site.people().filter((one) => one.name === name && one.id !== id)
  if (name === '' || !other) return 'free'
  const body = element(
    'div',
    { class: 'act' },
    element('div', { class: 'act-sides' }, personAvatar(context, id, 96), personAvatar(context, other.id, 96)),
    element('p', {}, 'Somebody is called ', element('bdi', {}, name), ' already. Two people may have the same name.'),
  )
  const answer = await choose<NameUse>({
    title: 'Is it the same person?',
    body,
    choices: [
      { words: 'Somebody else', value: 'free' },
      { words: 'The same: compare and merge', value: { same: other.id }, look: 'primary' },
    ],
  })
  return answer ?? 'cancel'
}
