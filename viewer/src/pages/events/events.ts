import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { ApiError } from '../../shell/api.ts'
import type { CreatePage } from '../../shell/page.ts'
import { queryOf } from '../../shell/router.ts'
import { copyText } from '../../ui/copy.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { knownAt } from '../../ui/event-words.ts'
import { icon } from '../../ui/icon.ts'
import { dayWords } from '../../ui/when.ts'
import { asCode, asCommand } from './copy-as.ts'
import { type Filter, isListed, readFilter, writeFilter } from './filter.ts'
import { createFilterBar } from './filter-bar.ts'
import { createEventRow } from './row.ts'

/** The answer of `GET /api/events`. */
interface EventsAnswer {
  readonly events: readonly { readonly seq: number; readonly event: RollcallEvent }[]
  readonly next: number | null
}

const pageSize = 100
/** More rows than this are dropped at the end while new ones come. */
const maxRows = 1000

/** What happened, newest first: by camera, person and type. */
export const createEventsPage: CreatePage = (context) => {
  const { api, site, onEvent, say } = context
  let filter = readFilter(new URLSearchParams())
  let next: number | null = null
  let shown = new Set<string>()
  let asked = 0
  let stop: (() => void)[] = []

  const list = element('ol', { class: 'events-list panel', 'aria-label': 'Events, newest first' })
  const status = element('div', { role: 'status' })
  const older = button('Older', () => void load(), { class: 'button' })
  const bar = createFilterBar(site, (chosen) => choose(chosen))
  const copy = (words: string, text: () => string, what: string) => {
    const act = () =>
      void copyText(text()).then((isCopied) =>
        say(isCopied ? `${what} is copied.` : `Copy it by hand: ${text()}`, { bad: !isCopied }),
      )
    const created = button(icon('copy'), act)
    created.append(words)
    return created
  }
  const page = element(
    'section',
    { class: 'page events', 'aria-label': 'Events' },
    element(
      'div',
      { class: 'page-head' },
      element('h2', {}, 'Events'),
      element(
        'div',
        { class: 'copies', role: 'group', 'aria-label': 'Get the same elsewhere' },
        copy('Copy as rollcall events tail', () => asCommand(filter, location.origin), 'The command'),
        copy('Copy as code', () => asCode(filter, location.origin), 'The code'),
      ),
    ),
    bar.element,
    list,
    status,
    older,
  )

  const addTo = (place: 'top' | 'end', event: RollcallEvent): void => {
    if (shown.has(event.id)) return
    shown.add(event.id)
    const row = createEventRow(context, event)
    row.dataset.day = dayWords(knownAt(event), site.nowMs())
    if (place === 'top') list.prepend(row)
    else list.append(row)
    while (place === 'top' && list.children.length > maxRows) list.lastElementChild?.remove()
  }
  /** The day stands over the first row of each. */
  const markDays = (): void => {
    let day = ''
    for (const row of list.children) {
      if (!(row instanceof HTMLElement)) continue
      row.classList.toggle('first-of-day', row.dataset.day !== day)
      day = row.dataset.day ?? ''
    }
  }
  const settle = (problem?: ApiError): void => {
    markDays()
    list.hidden = list.children.length === 0
    older.hidden = next === null
    status.replaceChildren()
    if (problem)
      status.replaceChildren(emptyState(`${problem.message}. ${problem.remedy}`, button('Try again', reload)))
    else if (list.hidden) status.replaceChildren(emptyState(emptyWords()))
  }
  const emptyWords = (): string =>
    writeFilter(filter) === ''
      ? 'Nothing has happened yet. New events appear here by themselves.'
      : 'No event of this kind is kept. New ones appear here by themselves.'
  const load = async (): Promise<void> => {
    const mine = ++asked
    const query = new URLSearchParams({ limit: String(pageSize), ...(next !== null && { before: String(next) }) })
    const path = `/api/events?${[query.toString(), writeFilter(filter)].filter(Boolean).join('&')}`
    try {
      const answer = await api.get<EventsAnswer>(path)
      if (mine !== asked) return
      next = answer.next
      for (const { event } of answer.events) if (isListed(event, filter, site.resolve)) addTo('end', event)
      settle()
    } catch (error) {
      if (mine === asked) settle(error as ApiError)
    }
  }
  const reload = (): void => {
    next = null
    shown = new Set()
    list.replaceChildren()
    list.hidden = true
    older.hidden = true
    status.replaceChildren(emptyState('Loading …'))
    void load()
  }
  const choose = (chosen: Filter): void => {
    filter = chosen
    const query = writeFilter(filter)
    history.replaceState(null, '', `#/events${query === '' ? '' : `?${query}`}`)
    bar.update(filter)
    reload()
  }
  return {
    element: page,
    show: () => {
      filter = readFilter(queryOf(location.hash))
      bar.update(filter)
      if (stop.length === 0) {
        stop = [
          site.onChange(() => bar.update(filter)),
          onEvent((event) => {
            if (!isListed(event, filter, site.resolve)) return
            addTo('top', event)
            settle()
          }),
        ]
      }
      reload()
    },
    hide: () => {
      asked += 1
      for (const each of stop) each()
      stop = []
    },
  }
}
