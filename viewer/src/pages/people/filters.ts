import { button, element } from '../../ui/element.ts'
import type { Order, Which } from './choose.ts'

/** The controls above the list. */
export interface Filters {
  readonly element: HTMLElement
  which(): Which
  query(): string
  order(): Order
  /** Writes how many there are of each. */
  count(counts: Readonly<Record<Which, number>>): void
}

const names: Readonly<Record<Which, string>> = { here: 'Here now', today: 'Today', all: 'All' }
const orders: Readonly<Record<Order, string>> = {
  seen: 'Last seen',
  name: 'Name',
  new: 'Newest',
  most: 'Most visits',
}

/** Calls `onChange` when one of them changes. */
export const createFilters = (onChange: () => void): Filters => {
  let which: Which = 'all'
  const pressed = (): void => {
    for (const [name, each] of Object.entries(buttons)) each.setAttribute('aria-pressed', String(name === which))
  }
  const choice = (name: Which): HTMLButtonElement =>
    button(names[name], () => {
      which = name
      pressed()
      onChange()
    })
  const buttons: Readonly<Record<Which, HTMLButtonElement>> = {
    here: choice('here'),
    today: choice('today'),
    all: choice('all'),
  }
  const search = element('input', { type: 'search', placeholder: 'Name or ID', 'aria-label': 'Search by name or ID' })
  search.addEventListener('input', onChange)
  const options = Object.entries(orders).map(([value, words]) => element('option', { value }, words))
  const order = element('select', {}, ...options)
  order.addEventListener('change', onChange)
  pressed()
  return {
    element: element(
      'div',
      { class: 'people-filters' },
      element('div', { class: 'choices', role: 'group', 'aria-label': 'Whom to show' }, ...Object.values(buttons)),
      search,
      element('label', { class: 'order' }, element('span', {}, 'Sort by'), order),
    ),
    which: () => which,
    query: () => search.value,
    order: () => order.value as Order,
    count(counts) {
      for (const [name, each] of Object.entries(buttons)) {
        const words = `${names[name as Which]} (${counts[name as Which]})`
        if (each.textContent !== words) each.textContent = words
      }
    },
  }
}
