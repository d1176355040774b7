import type { ApiError } from '../../shell/api.ts'
import type { CreatePage } from '../../shell/page.ts'
import { queryOf } from '../../shell/router.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { createCopyButtons } from './copy-buttons.ts'
import { createEventList } from './event-list.ts'
import { type Filter, isListed, readFilter, writeFilter } from './filter.ts'
import { createFilterBar } from './filter-bar.ts'
import { createOlderEvents } from './older-events.ts'

const emptyWords = (filter: Filter): string =>
  writeFilter(filter) === ''
    ? 'Nothing has happened yet. New events appear here by themselves.'
    : 'No event of this kind is kept. New ones appear here by themselves.'

/** Lets the address name what is listed, without a step of the history. */
const writeAddress = (filter: Filter): void => {
  const query = writeFilter(filter)
  history.replaceState(null, '', `#/events${query === '' ? '' : `?${query}`}`)
}

/** What happened, newest first: by camera, person and type. */
export const createEventsPage: CreatePage = (context) => {
  const { api, site, onEvent, say } = context
  let filter = readFilter(new URLSearchParams())
  let stop: (() => void)[] = []

  const list = createEventList(context)
  const older = createOlderEvents(api)
  const status = element('div', { role: 'status' })
  const more = button('Older', () => void load(), { class: 'button' })
  const bar = createFilterBar(site, (chosen) => choose(chosen))
  const copies = createCopyButtons(() => filter, say)
  const head = element('div', { class: 'page-head' }, element('h2', {}, 'Events'), copies)
  const parts = [head, bar.element, list.element, status, more]
  const page = element('section', { class: 'page events', 'aria-label': 'Events' }, ...parts)

  const settle = (problem?: ApiError): void => {
    list.settle()
    more.hidden = !older.hasMore()
    status.replaceChildren()
    if (problem)
      status.replaceChildren(emptyState(`${problem.message}. ${problem.remedy}`, button('Try again', reload)))
    else if (list.isEmpty()) status.replaceChildren(emptyState(emptyWords(filter)))
  }
  const load = async (): Promise<void> => {
    try {
      const events = await older.read(filter)
      if (events === null) return
      for (const event of events) if (isListed(event, filter, site.resolve)) list.addOld(event)
      settle()
    } catch (error) {
      settle(error as ApiError)
    }
  }
  const reload = (): void => {
    older.restart()
    list.clear()
    more.hidden = true
    status.replaceChildren(emptyState('Loading …'))
    void load()
  }
  const choose = (chosen: Filter): void => {
    filter = chosen
    writeAddress(filter)
    bar.update(filter)
    reload()
  }
  const start = (): (() => void)[] => [
    site.onChange(() => bar.update(filter)),
    onEvent((event) => {
      if (!isListed(event, filter, site.resolve)) return
      list.addNew(event)
      settle()
    }),
  ]
  return {
    element: page,
    show: () => {
      filter = readFilter(queryOf(location.hash))
      bar.update(filter)
      if (stop.length === 0) stop = start()
      reload()
    },
    hide: () => {
      older.restart()
      for (const each of stop) each()
      stop = []
    },
  }
}
