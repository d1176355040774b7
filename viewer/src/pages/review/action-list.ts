import type { ListedAction } from '../../../../src/server/people-answers.ts'
import { undo } from '../../acts/perform.ts'
import { errorWords } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { personChip } from '../../ui/person-chip.ts'
import { shortId } from '../../ui/person-look.ts'
import { whenWords } from '../../ui/when.ts'

const shown = 20

/** What somebody did, in words; people are called as they are called now. */
const actionWords = (context: PageContext, action: ListedAction): readonly (Node | string)[] => {
  const { kind, people, name, before, sighting } = action
  const [one, other] = people.map((id) => personChip(context, id))
  // Named: the chip says how the person was called before, not the new name twice.
  const called = personChip(context, people[0] ?? '', before ?? shortId(people[0] ?? ''))
  const named = element('bdi', {}, name ?? '')
  if (!one) return [action.text]
  switch (kind) {
    case 'name':
      if (name === null) return ['took the name ', element('bdi', {}, before ?? ''), ' from ', one]
      return [before === null ? 'named ' : 'renamed ', called, before === null ? ' ' : ' to ', named]
    case 'delete':
      return ['deleted ', element('code', {}, people[0] ?? '')]
    case 'enroll':
      return ['enrolled ', one, ' from photos']
    case 'answer':
      return ['answered a question about ', one, ...(other ? [' and ', other] : [])]
    default:
  }
  if (!other) return [action.text]
  switch (kind) {
    // The old ID leads to the person now: it is told as it was.
    case 'merge':
      return ['merged ', element('code', {}, people[1] ?? ''), ' into ', one]
    case 'unmerge':
      return ['undid the merge of ', one, ' with ', other]
    case 'split':
      return sighting === null ? ['split ', other, ' off ', one] : ['took a visit off ', one, ': it is ', other]
    case 'move':
      return ['moved a visit of ', other, ' to ', one]
    default:
      return ['said that ', one, ' is not ', other]
  }
}

/** What was done lately, by whom, each with "Undo" where that is possible. `refresh` reads it anew. */
export const createActionList = (
  context: PageContext,
): { readonly element: HTMLElement; readonly refresh: () => void } => {
  const list = element('ol', { class: 'action-list' })
  const all = element(
    'section',
    { class: 'review-done panel', 'aria-label': 'Done lately' },
    element('h3', {}, 'Done lately'),
    list,
  )

  const undoIt = async (action: ListedAction): Promise<void> => {
    try {
      await undo(context, action.id)
    } catch (error) {
      context.say(errorWords(error), { bad: true })
    }
    refresh()
  }
  const rowOf = (action: ListedAction): HTMLElement => {
    const { by, atMs, undone, undoable, kind } = action
    // Where nobody signs in, nobody has a name.
    const who = element('bdi', { class: 'action-by' }, by === 'anybody' ? 'Somebody' : by)
    const what = element('p', {}, who, ' ', ...actionWords(context, action))
    const when = undone
      ? `${whenWords(atMs)}, undone by ${undone.by}`
      : kind === 'delete'
        ? `${whenWords(atMs)}, cannot be undone`
        : whenWords(atMs)
    const [person] = kind === 'delete' ? [] : action.people
    const row = element(
      'li',
      { 'data-action': String(action.id) },
      ...(person === undefined ? [] : [personAvatar(context, person, 40)]),
      element('div', {}, what, element('small', {}, when)),
    )
    if (undone) row.classList.add('undone')
    const mayUndo = undoable && context.may('operate')
    if (mayUndo) row.append(button('Undo', () => void undoIt(action), { 'aria-label': `Undo: ${action.text}` }))
    return row
  }
  let asked = 0
  const refresh = (): void => {
    const number = ++asked
    context.api.get<{ actions: readonly ListedAction[] }>(`/api/actions?limit=${shown}`).then(
      ({ actions }) => {
        if (number !== asked) return
        list.replaceChildren(...actions.map(rowOf))
        if (actions.length === 0) list.append(element('li', {}, emptyState('Nobody has changed anything yet.')))
      },
      () => undefined,
    )
  }
  return { element: all, refresh }
}
