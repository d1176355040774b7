import type { PersonDetails } from '../../../../src/identity/gallery/gallery.ts'
import { openUnmerge } from '../../acts/person-acts.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { personChip } from '../../ui/person-chip.ts'
import { scoreWords } from '../../ui/score-words.ts'
import { whenWords } from '../../ui/when.ts'
import { createHeadActs } from './head-acts.ts'

/** How many of those who look like a person are shown. */
const mostAlike = 3

/** What the visits that are loaded say: on which cameras, and how many there are, in words. */
export interface SeenWords {
  readonly cameras: readonly string[]
  readonly visits: string
}

/** What a page says of a person before its lists. Its buttons stay while it is drawn anew, and so does the focus. */
export interface Head {
  readonly element: HTMLElement
  draw(person: PersonDetails, seen: SeenWords): void
}

const fact = (term: string, ...words: readonly (Node | string)[]): HTMLElement =>
  element('div', {}, element('dt', {}, term), element('dd', {}, ...words))

/** Who looks most like the person: the similarity of the means, −1 to 1, stands beside each. */
const alikeOf = (context: PageContext, { alike }: PersonDetails): HTMLElement[] =>
  alike.slice(0, mostAlike).map(({ person, score }) => {
    const figure = element('span', { class: 'quiet' }, scoreWords(score))
    return element('span', { class: 'alike' }, personAvatar(context, person, 24), personChip(context, person), figure)
  })

/** The IDs of before merges. Each is a button that gives it back. */
const formerOf = (context: PageContext, { aliases }: PersonDetails, onDone: () => void): HTMLElement[] =>
  aliases.map((id) => {
    const open = (): void => void openUnmerge(context, id).then((changed) => changed && onDone())
    const each = button(element('bdi', {}, id), open, { class: 'button quiet former', title: 'Undo this merge' })
    each.disabled = !context.may('operate')
    return each
  })

const factsOf = (context: PageContext, person: PersonDetails, seen: SeenWords, onDone: () => void): HTMLElement[] => {
  const { createdAtMs, lastSeenAtMs, lastCamera, id, archived } = person
  const alike = alikeOf(context, person)
  const former = formerOf(context, person, onDone)
  return [
    fact('First seen', whenWords(createdAtMs)),
    fact('Last seen', lastCamera === '' ? 'not yet' : `${whenWords(lastSeenAtMs)} on ${lastCamera}`),
    fact('Cameras', seen.cameras.length === 0 ? 'none' : seen.cameras.join(', ')),
    fact('Visits', seen.visits),
    ...(alike.length > 0 ? [fact('Most like', element('span', { class: 'alikes' }, ...alike))] : []),
    fact('ID', element('code', {}, id), ...(archived ? [' (archived)'] : [])),
    ...(former.length > 0 ? [fact('Also was', ...former)] : []),
  ]
}

/** An empty head. `onDone` is called after somebody changed the person by it. */
export const createHead = (context: PageContext, onDone: () => void): Head => {
  const avatar = element('span', { class: 'person-picture' })
  const name = element('bdi', {})
  const heading = element('h2', {}, name)
  const acts = createHeadActs(context, onDone)
  const facts = element('dl', { class: 'panel facts' })
  const who = element('div', { class: 'person-who' }, avatar, element('div', {}, heading, acts.element))
  return {
    element: element('div', { class: 'person-head' }, who, facts),
    draw(person, seen) {
      avatar.replaceChildren(personAvatar(context, person.id, 128))
      // The page may be there before the list of people is.
      name.textContent = person.name ?? context.site.nameOf(person.id)
      heading.classList.toggle('unnamed', person.name === null)
      acts.of(person)
      facts.replaceChildren(...factsOf(context, person, seen, onDone))
    },
  }
}
