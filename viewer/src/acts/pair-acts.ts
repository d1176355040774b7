import type { Changed, SideBySide } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personChip } from '../ui/person-chip.ts'
import { type Choice, choose } from './choose.ts'
import { change, undo } from './perform.ts'
import { pickPerson } from './pick-person.ts'
import { alikeTo, compare, pathOf } from './reading.ts'
import { mergeChanges, sideBySide } from './side-by-side.ts'

/*
 * The dialogs about two people: whether they are one or two. Each resolves true when something was changed, and false after
 * Cancel or Esc. What the server refuses is said in the dialog. They need the scope `operate`.
 */

const pickOther = async (
  context: PageContext,
  person: PersonId,
  title: string,
  what: string,
): Promise<PersonId | null> => {
  const first = await alikeTo(context, person)
  const body = element('p', {}, `${what} `, personChip(context, person), '. The most alike come first.')
  return (await pickPerson(context, { title, body, but: [person], first }))?.person ?? null
}

/** Two people of different names: the name of `nameless` is taken away, and both steps are undone together. */
const mergeWithout = async (context: PageContext, nameless: PersonId, work: () => Promise<Changed>): Promise<void> => {
  const { api, say } = context
  const { action: naming } = await api.post<Changed>(pathOf(nameless, '/name'), { name: null })
  const giveBack = async (): Promise<void> => {
    if (naming !== null) await api.post(`/api/actions/${naming}/undo`)
  }
  try {
    const { action } = await work()
    const undoBoth = async (): Promise<void> => {
      if (action !== null) await undo(context, action)
      await giveBack()
    }
    say('Merged into one person.', { undo: undoBoth })
  } catch (error) {
    await giveBack()
    throw error
  }
}

/** How the two may be merged. The value is whose name is taken away; '' for nobody's. */
const waysToMerge = ({ site }: PageContext, { a, b, merge }: SideBySide): readonly Choice<PersonId>[] => {
  const look = merge.needsForce ? 'danger' : 'primary'
  if (merge.possible) return [{ words: merge.needsForce ? 'Merge all the same' : 'Merge', value: '', look }]
  return [a, b].map(({ id }) => ({
    words: element('span', {}, 'Merge as ', element('bdi', {}, site.nameOf(id))),
    value: id === a.id ? b.id : a.id,
    look,
  }))
}

/** Shows two people side by side, how alike they are and what a merge changes. Without `b` it asks for the other first. */
export const openMerge = async (context: PageContext, a: PersonId, b?: PersonId): Promise<boolean> => {
  const other = b ?? (await pickOther(context, a, 'Merge with whom?', 'Choose who is the same as'))
  if (other === null) return false
  const compared = await compare(context, a, other)
  if (compared === null) return false
  const { merge, against } = compared
  const body = element('div', { class: 'act' }, sideBySide(context, compared), mergeChanges(context, compared))
  if (against !== null) body.append(element('p', { class: 'act-against' }, `Against it: ${against}.`))
  if (!merge.possible) body.append(element('p', {}, 'They have different names; one of them goes.'))
  const post = (): Promise<Changed> => context.api.post('/api/people/merge', { a, b: other, force: merge.needsForce })
  const work = (nameless: PersonId): Promise<unknown> =>
    nameless === '' ? change(context, 'Merged into one person.', post()) : mergeWithout(context, nameless, post)
  const choices = waysToMerge(context, compared)
  return (await choose<PersonId>({ title: 'Are they the same person?', body, choices, work })) !== null
}

/** Records that two are certainly not one person. Without `b` it asks for the other first. */
export const openSeparate = async (context: PageContext, a: PersonId, b?: PersonId): Promise<boolean> => {
  const other = b ?? (await pickOther(context, a, 'Who is certainly somebody else?', 'Choose who is not'))
  if (other === null) return false
  const compared = await compare(context, a, other)
  if (compared === null) return false
  const body = element(
    'div',
    { class: 'act' },
    sideBySide(context, compared),
    element('p', {}, 'Rollcall never merges them from then on.'),
  )
  const work = (): Promise<unknown> =>
    change(context, 'They are told apart.', context.api.post<Changed>('/api/people/separate', { a, b: other }))
  return context.ask({ title: 'Are they two people?', body, confirm: 'They are two', work })
}
