import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { button, element } from '../ui/element.ts'
import { personAvatar } from '../ui/person-avatar.ts'
import { whenWords } from '../ui/when.ts'
import { choose } from './choose.ts'

/** Whom to choose from. */
export interface PickQuestion {
  readonly title: string
  readonly body?: Node | string
  /** People who are not offered. */
  readonly but: readonly PersonId[]
  /** People who are offered first. */
  readonly first: readonly PersonId[]
  /** Words of a button for nobody of them. */
  readonly nobody?: string
  /** Does what was chosen. When it rejects, the dialog says why and stays open. */
  readonly work?: (picked: Picked) => Promise<unknown>
}

/** A person, or nobody of those who are known. */
export type Picked = { readonly person: PersonId | null }

/** More are found by typing. */
const mostShown = 30

/** Lets the user choose a person by name, ID or picture. Resolves null after Cancel or Esc. */
export const pickPerson = (context: PageContext, question: PickQuestion): Promise<Picked | null> => {
  const { site } = context
  const { title, body = '', first, nobody, work } = question
  const but = new Set(question.but.map(site.resolve))
  const rank = new Map(first.map((id, i) => [site.resolve(id), i]))
  const people = site
    .people()
    .filter(({ id }) => !but.has(id))
    .toSorted(
      (a, b) =>
        (rank.get(a.id) ?? rank.size) - (rank.get(b.id) ?? rank.size) ||
        Number(a.name === null) - Number(b.name === null) ||
        b.lastSeenAtMs - a.lastSeenAtMs,
    )
  const list = element('ul', { class: 'act-pick' })
  const search = element('input', {
    type: 'search',
    placeholder: 'Name or ID',
    'aria-label': 'Search by name or ID',
    autocomplete: 'off',
  })
  const rowOf = (id: PersonId, answer: (picked: Picked) => void): HTMLElement => {
    const person = site.person(id)
    const words = element(
      'span',
      { class: 'act-pick-words' },
      element('bdi', {}, site.nameOf(id)),
      element(
        'small',
        {},
        person?.lastCamera ? `last seen ${whenWords(person.lastSeenAtMs)} at ${person.lastCamera}` : 'never seen here',
      ),
    )
    const face = element('span', { class: 'act-pick-row' }, personAvatar(context, id, 44), words)
    return element(
      'li',
      {},
      button(face, () => answer({ person: id }), { class: 'button quiet act-pick-button', 'data-pick': id }),
    )
  }
  return choose<Picked>({
    title,
    ...(work && { work }),
    body: element('div', { class: 'act' }, typeof body === 'string' ? element('p', {}, body) : body, search, list),
    choices: nobody === undefined ? [] : [{ words: nobody, value: { person: null } }],
    onOpen: (answer) => {
      const show = (): void => {
        const wanted = search.value.trim().toLowerCase()
        const found = people.filter(
          ({ id, name }) => id.toLowerCase().includes(wanted) || (name ?? '').toLowerCase().includes(wanted),
        )
        list.replaceChildren(...found.slice(0, mostShown).map(({ id }) => rowOf(id, answer)))
        if (found.length === 0) list.append(element('li', { class: 'act-note' }, 'Nobody is called that.'))
      }
      search.addEventListener('input', show)
      search.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter') return
        // The focus goes back to the button that opened this, which must not take the key, too.
        event.preventDefault()
        list.querySelector('button')?.click()
      })
      show()
      search.focus()
    },
  })
}
