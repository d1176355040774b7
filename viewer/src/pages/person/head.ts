import type { PersonDetails } from '../../../../src/identity/gallery/gallery.ts'
import { openMerge, openSeparate } from '../../acts/pair-acts.ts'
import { openDelete, openName, openSplit, openUnmerge } from '../../acts/person-acts.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { personChip } from '../../ui/person-chip.ts'
import { whenWords } from '../../ui/when.ts'

/** Buttons that change the person; they need the scope `operate`. `onDone` is called after a change. */
const actions = (context: PageContext, person: PersonDetails, onDone: () => void): HTMLElement => {
  const act = (words: string, open: () => Promise<boolean>, look = 'button'): HTMLElement => {
    const each = button(
      words,
      () => {
        void open().then((changed) => changed && onDone())
      },
      { class: look },
    )
    each.disabled = !context.may('operate')
    if (each.disabled) each.title = 'Your token lacks the scope operate.'
    return each
  }
  return element(
    'div',
    { class: 'actions' },
    act(person.name === null ? 'Name' : 'Rename', () => openName(context, person.id), 'button primary'),
    act('Merge …', () => openMerge(context, person.id)),
    act('Split …', () => openSplit(context, person.id)),
    act('Tell apart …', () => openSeparate(context, person.id)),
    act(
      'Delete …',
      async () => {
        if (await openDelete(context, person.id)) context.go('/people')
        return false
      },
      'button danger',
    ),
  )
}

const fact = (term: string, ...words: readonly (Node | string)[]): HTMLElement =>
  element('div', {}, element('dt', {}, term), element('dd', {}, ...words))

/** What a page says of a person before its lists. `cameras` are those of the visits that were loaded. */
export const personHead = (
  context: PageContext,
  person: PersonDetails,
  seen: { readonly cameras: readonly string[]; readonly visits: string },
  onDone: () => void,
): HTMLElement => {
  const alike = person.alike
    .slice(0, 3)
    .map(({ person: other, score }) =>
      element('span', { class: 'alike' }, personChip(context, other), ` ${score.toFixed(2)}`),
    )
  const former = person.aliases.map((id) => {
    const each = button(
      element('bdi', {}, id),
      () => void openUnmerge(context, id).then((changed) => changed && onDone()),
      {
        class: 'button quiet former',
        title: 'Undo this merge',
      },
    )
    each.disabled = !context.may('operate')
    return each
  })
  return element(
    'div',
    { class: 'person-head' },
    personAvatar(context, person.id, 112),
    element(
      'div',
      {},
      element(
        'h2',
        { class: person.name === null ? 'unnamed' : '' },
        element('bdi', {}, context.site.nameOf(person.id)),
      ),
      element('p', { class: 'quiet' }, element('code', {}, person.id), ...(person.archived ? [' (archived)'] : [])),
      actions(context, person, onDone),
    ),
    element(
      'dl',
      { class: 'facts' },
      fact('First seen', whenWords(person.createdAtMs)),
      fact(
        'Last seen',
        person.lastCamera === '' ? 'not yet' : `${whenWords(person.lastSeenAtMs)} on ${person.lastCamera}`,
      ),
      fact('Cameras', seen.cameras.length === 0 ? 'none' : seen.cameras.join(', ')),
      fact('Visits', seen.visits),
      ...(alike.length > 0 ? [fact('Most like', ...alike)] : []),
      ...(former.length > 0 ? [fact('Also was', ...former)] : []),
    ),
  )
}
