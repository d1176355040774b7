import type { Changed } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personChip } from '../ui/person-chip.ts'
import { askName } from './name.ts'
import { openMerge } from './pair-acts.ts'
import { change } from './perform.ts'
import { pathOf, read } from './reading.ts'
import { personWords } from './side-by-side.ts'

/*
 * The dialogs that change one person. Each resolves true when something was changed, and false after Cancel or Esc. They say
 * what has changed in a toast with "Undo"; what the server refuses is said in the dialog. They need the scope `operate`.
 */

/** Asks for a name, suggests those that are known, and offers to merge where the name is somebody's. */
export const openName = async (context: PageContext, person: PersonId): Promise<boolean> => {
  const naming = await askName(context, person, (name) => {
    const words = name === '' ? 'The name is taken away.' : `Named ${name}.`
    const body = { name: name === '' ? null : name }
    return change(context, words, context.api.post<Changed>(pathOf(person, '/name'), body))
  })
  return typeof naming === 'object' ? openMerge(context, person, naming.same) : naming === 'saved'
}

const deletionWords = (context: PageContext, id: PersonId, aliases: number): HTMLElement => {
  const others = aliases === 0 ? '' : `, and ${aliases === 1 ? 'another ID' : `${aliases} other IDs`}`
  return element(
    'div',
    { class: 'act' },
    personWords(context, id, element('p', {}, personChip(context, id), ' is deleted with every trace:')),
    element(
      'ul',
      { class: 'act-changes' },
      element('li', {}, `all looks and pictures, the name${others},`),
      element('li', {}, 'every visit with its time and place, and every event about it,'),
      element('li', {}, 'also at programs that follow Rollcall’s events.'),
    ),
    element('p', { class: 'act-against' }, 'This cannot be undone. Whoever comes again is a new person.'),
  )
}

/** Says what a deletion means and that it cannot be undone, and asks for the name or ID to be typed. */
export const openDelete = async (context: PageContext, person: PersonId): Promise<boolean> => {
  const { site, api, say } = context
  const id = site.resolve(person)
  const found = await read(context, api.get<{ person: { aliases: readonly string[] } }>(pathOf(id)))
  if (found === null) return false
  const { aliases } = found.person
  const isDeleted = await context.ask({
    title: 'Delete this person?',
    body: deletionWords(context, id, aliases.length),
    confirm: 'Delete for good',
    danger: true,
    typed: site.nameOf(id),
    work: () => api.delete(pathOf(id)),
  })
  if (isDeleted) say('Deleted with every trace.')
  return isDeleted
}

/** Divides a person along its two most different parts. */
export const openSplit = (context: PageContext, person: PersonId): Promise<boolean> => {
  const body = personWords(
    context,
    person,
    element('p', {}, personChip(context, person), ' is divided along its two most different parts.'),
    element('p', {}, 'The larger part keeps ID and name. To take off single visits, use “Not this person” on them.'),
  )
  const work = (): Promise<unknown> =>
    change(context, 'Split into two people.', context.api.post<Changed>(pathOf(person, '/split'), {}))
  return context.ask({ title: 'Is this two people?', body, confirm: 'Split', work })
}

/** Gives an old ID back: undoes the merge that made it an alias. */
export const openUnmerge = (context: PageContext, oldId: PersonId): Promise<boolean> => {
  const words = element(
    'p',
    {},
    element('code', {}, oldId),
    ' is a person of its own again, with what came in under it, and is never merged with ',
    personChip(context, oldId),
    ' again.',
  )
  const body = personWords(context, oldId, words)
  const work = (): Promise<unknown> =>
    change(context, 'They are two people again.', context.api.post<Changed>(pathOf(oldId, '/unmerge'), {}))
  return context.ask({ title: 'Was this merge wrong?', body, confirm: 'Give the ID back', work })
}
