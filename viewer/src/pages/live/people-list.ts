import type { PersonId } from '../../../../src/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { personAvatar } from '../../ui/person-avatar.ts'
import { colourOf } from '../../ui/person-look.ts'
import { ago } from '../../ui/when.ts'

/** More rows than anybody reads; they would only make the page slow. */
const maxRows = 200

/** The list of people beside the pictures. */
export interface PeopleList {
  /** Updates the rows. */
  update(): void
}

interface Row {
  readonly element: HTMLLIElement
  readonly name: HTMLElement
  readonly where: HTMLElement
  readonly when: HTMLElement
  readonly button: HTMLButtonElement
}

const createRow = (context: PageContext, id: PersonId, isChosen: boolean, choose: (person: PersonId) => void): Row => {
  const name = element('bdi', { class: 'name', title: id })
  const parts = {
    where: element('span', { class: 'where' }),
    when: element('span', { class: 'when' }),
  }
  const pressed = String(isChosen)
  const button = element(
    'button',
    { type: 'button', 'aria-pressed': pressed },
    personAvatar(context, id, 36),
    name,
    ...Object.values(parts),
  )
  button.style.setProperty('--person', colourOf(id))
  button.addEventListener('click', () => choose(id))
  const row = { ...parts, name, button, element: element('li', {}, button) }
  row.element.dataset.person = id
  return row
}

/** Writes only what is new: text that is set again would end a selection. */
const write = (node: HTMLElement, text: string): void => {
  if (node.textContent !== text) node.textContent = text
}

/**
 * Lists the known people in `list`: those here now first, then by when they were last seen. Choosing one calls
 * `onChoose`, choosing it again calls it with null.
 */
export const createPeopleList = (
  list: HTMLElement,
  context: PageContext,
  onChoose: (person: PersonId | null) => void,
): PeopleList => {
  const { site } = context
  let chosen: PersonId | null = null
  const rows = new Map<PersonId, Row>()

  const choose = (person: PersonId): void => {
    chosen = chosen === person ? null : person
    for (const [id, row] of rows) row.button.setAttribute('aria-pressed', String(id === chosen))
    onChoose(chosen)
  }
  const writeRow = (id: PersonId, row: Row, here: string | undefined): void => {
    const person = site.person(id)
    row.element.classList.toggle('here', here !== undefined)
    if (row.name.textContent !== site.nameOf(id)) {
      row.name.textContent = site.nameOf(id)
      row.button.firstElementChild?.replaceWith(personAvatar(context, id, 36))
    }
    write(row.where, here ?? person?.lastCamera ?? '')
    write(row.when, here ? 'here now' : person ? ago(person.lastSeenAtMs, site.nowMs()) : 'a moment ago')
    row.name.classList.toggle('unnamed', person?.name == null)
  }
  return {
    update: () => {
      const here = site.here()
      const known = [...new Set([...site.people().map(({ id }) => id), ...here.keys()])]
      // The order of those here does not change, because rows that move are hard to read and to click.
      const rank = (id: PersonId) => (here.has(id) ? Number.MAX_SAFE_INTEGER : (site.person(id)?.lastSeenAtMs ?? 0))
      const order = known.sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1)).slice(0, maxRows)
      const kept = new Set(order)
      if (chosen !== null && !kept.has(chosen)) choose(chosen)
      for (const [id, row] of rows) {
        if (kept.has(id)) continue
        row.element.remove()
        rows.delete(id)
      }
      order.forEach((id, i) => {
        const row = rows.get(id) ?? createRow(context, id, id === chosen, choose)
        rows.set(id, row)
        writeRow(id, row, here.get(id))
        // Moving an element takes the keyboard focus away from it.
        if (list.children[i] !== row.element) list.insertBefore(row.element, list.children[i] ?? null)
      })
    },
  }
}
