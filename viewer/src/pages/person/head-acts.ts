import type { PersonDetails } from '../../../../src/identity/gallery/gallery.ts'
import type { PersonId } from '../../../../src/types.ts'
import { openNever } from '../../acts/objection.ts'
import { openMerge, openSeparate } from '../../acts/pair-acts.ts'
import { openDelete, openName, openSplit } from '../../acts/person-acts.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'

/** Buttons that change the person of the page. */
export interface HeadActs {
  readonly element: HTMLElement
  /** From now on the buttons are about this person. */
  of(person: PersonDetails): void
}

/** They need the scope `operate`. `onDone` is called after a change. */
export const createHeadActs = (context: PageContext, onDone: () => void): HeadActs => {
  let id: PersonId = ''
  const act = (words: string, open: () => Promise<boolean>, look = 'button'): HTMLButtonElement => {
    const press = (): void => void open().then((changed) => changed && onDone())
    const each = button(words, press, { class: look })
    each.disabled = !context.may('operate')
    if (each.disabled) each.title = 'Your token lacks the scope operate.'
    return each
  }
  /** Nobody is left whom the page could show. */
  const away = (open: typeof openDelete) => async (): Promise<boolean> => {
    if (await open(context, id)) context.go('/people')
    return false
  }
  const name = act('Name', () => openName(context, id), 'button primary')
  const others = [
    act('Merge …', () => openMerge(context, id)),
    act('Split …', () => openSplit(context, id)),
    act('Tell apart …', () => openSeparate(context, id)),
    act('Delete …', away(openDelete), 'button careful'),
    act('Never recognise …', away(openNever), 'button careful'),
  ]
  return {
    element: element('div', { class: 'actions' }, name, ...others),
    of(person) {
      id = person.id
      name.textContent = person.name === null ? 'Name' : 'Rename'
    },
  }
}
