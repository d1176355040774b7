import type { CameraId, Person, PersonId } from '../../../../src/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { countOf } from '../../ui/count.ts'
import { button, element } from '../../ui/element.ts'
import { cardKey, personCard, seenWords } from './card.ts'

/** The people as cards, a page at a time. */
export interface Grid {
  readonly elements: readonly HTMLElement[]
  /** Shows the first page of these again. */
  restart(): void
  /** Draws the people, in this order. Cards that say the same stay, and so does the focus. */
  draw(people: readonly Person[], here: ReadonlyMap<PersonId, CameraId>): void
}

/** Cards that are shown at once; the next ones come with a button. Ten thousand would take the browser seconds. */
const pageSize = 60

/** `again` draws once more: there is more to show. */
export const createGrid = (context: PageContext, again: () => void): Grid => {
  let shown = pageSize
  let keys: readonly string[] = []
  const list = element('ul', { class: 'people-grid' })
  const status = element('p', { role: 'status', class: 'people-count' })
  const more = button('Show more', () => {
    const next = list.children.length
    shown += pageSize
    again()
    list.children[next]?.querySelector('a')?.focus()
  })

  const replace = (visible: readonly Person[], seen: readonly string[], next: readonly string[]): void => {
    const old = new Map(keys.map((key, i) => [key, list.children[i]]))
    const focused = list.querySelector(':focus')?.getAttribute('href')
    const cards = visible.map((person, i) => {
      const words = seen[i] ?? ''
      return old.get(next[i] ?? '') ?? personCard(context, person, words.startsWith('here'), words)
    })
    list.replaceChildren(...cards)
    keys = next
    if (focused) list.querySelector<HTMLElement>(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
  }
  return {
    elements: [status, list, more],
    restart: () => {
      shown = pageSize
    },
    draw(people, here) {
      const visible = people.slice(0, shown)
      const seen = visible.map((person) => seenWords(person, here.get(person.id), context.site.nowMs()))
      const next = visible.map((person, i) => cardKey(person, here.get(person.id), seen[i] ?? ''))
      if (next.length !== keys.length || next.some((key, i) => key !== keys[i])) replace(visible, seen, next)
      const isAll = people.length <= visible.length
      const words = countOf(people.length, 'person', 'people')
      status.textContent = isAll ? words : `${visible.length} of ${words}`
      more.hidden = isAll
    },
  }
}
