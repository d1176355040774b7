import type { DecisionInWords } from '../../../../src/server/people-answers.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { whenWords } from '../../ui/when.ts'

interface Answer {
  readonly kept: boolean
  readonly decisions: readonly DecisionInWords[]
}

const shownAtFirst = 12

/** IDs become names where there is one: `next: p-0af… .52` reads `next: anna .52`. */
const named = (words: string, { site }: PageContext): string =>
  words.replace(/\bp-[A-Za-z0-9_.-]*[A-Za-z0-9_-]/g, (id) => site.nameOf(id))

/** Why Rollcall takes what it saw for this person, in plain words, the last first. */
export const decisionsOf = async (context: PageContext, person: string): Promise<HTMLElement> => {
  const { kept, decisions } = await context.api.get<Answer>(`/api/people/${encodeURIComponent(person)}/decisions`)
  if (!kept) return element('p', { class: 'quiet' }, 'People are in memory only, and so no decisions are kept.')
  const item = ({ atMs, words, camera }: DecisionInWords): HTMLElement =>
    element(
      'li',
      {},
      element('span', { class: 'when' }, whenWords(atMs)),
      element(
        'span',
        {},
        element('bdi', {}, named(words, context)),
        ...(camera === null || words.endsWith(camera) ? [] : [` (${camera})`]),
      ),
    )
  const list = element('ol', { class: 'decisions' }, ...decisions.slice(0, shownAtFirst).map(item))
  if (decisions.length <= shownAtFirst) return list
  const more = button(`All ${decisions.length}`, () => {
    list.replaceChildren(...decisions.map(item))
    more.remove()
  })
  return element('div', {}, list, more)
}
