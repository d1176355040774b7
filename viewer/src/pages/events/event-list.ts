import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { knownAt } from '../../ui/event-words.ts'
import { dayWords } from '../../ui/when.ts'
import { createEventRow } from './row.ts'

/** More rows than this are dropped at the end while new ones come. */
const maxRows = 1000

/** Events as rows, newest first; the day stands over the first row of each. */
export interface EventList {
  readonly element: HTMLElement
  readonly isEmpty: () => boolean
  /** Adds one that is newer than all others. One that is listed already is left out. */
  addNew(event: RollcallEvent): void
  /** Adds one that is older than all others. One that is listed already is left out. */
  addOld(event: RollcallEvent): void
  /** Hides an empty list, and marks where days begin. Called after rows were added. */
  settle(): void
  clear(): void
}

/** An empty list. */
export const createEventList = (context: PageContext): EventList => {
  const list = element('ol', { class: 'events-list panel', 'aria-label': 'Events, newest first' })
  const isListed = (id: string): boolean => list.querySelector(`[data-event="${CSS.escape(id)}"]`) !== null
  /** Null when it is listed already. */
  const createRow = (event: RollcallEvent): HTMLElement | null => {
    if (isListed(event.id)) return null
    const row = createEventRow(context, event)
    row.dataset.day = dayWords(knownAt(event), context.site.nowMs())
    row.dataset.event = event.id
    return row
  }
  const markDays = (): void => {
    let day = ''
    for (const row of list.children) {
      if (!(row instanceof HTMLElement)) continue
      row.classList.toggle('first-of-day', row.dataset.day !== day)
      day = row.dataset.day ?? ''
    }
  }
  return {
    element: list,
    isEmpty: () => list.children.length === 0,
    addNew(event) {
      const row = createRow(event)
      if (row === null) return
      list.prepend(row)
      while (list.children.length > maxRows) list.lastElementChild?.remove()
    },
    addOld(event) {
      const row = createRow(event)
      if (row !== null) list.append(row)
    },
    settle() {
      markDays()
      list.hidden = list.children.length === 0
    },
    clear() {
      list.replaceChildren()
      list.hidden = true
    },
  }
}
