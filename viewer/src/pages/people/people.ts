import type { Person } from '../../../../src/types.ts'
import type { CreatePage } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { cardKey, personCard, seenWords } from './card.ts'
import { type Choice, choosePeople, countPeople } from './choose.ts'
import { openEnrol } from './enrol-dialog.ts'
import { createFilters } from './filters.ts'
import { openFind } from './find-dialog.ts'
import { createPresence } from './presence.ts'

/** Cards that are shown at once; the next ones come with a button. Ten thousand would take the browser seconds. */
const pageSize = 60
/** "2 min ago" is written anew so often; changes are shown at most every `settleMs`. */
const tickMs = 15_000
const settleMs = 250

const midnight = (nowMs: number): number => new Date(nowMs).setHours(0, 0, 0, 0)

/** Everybody, as faces or colours; who is here now; whom a photo shows; and enrolment. */
export const createPeoplePage: CreatePage = (context) => {
  const { site, api, may, onEvent, say } = context
  const presence = createPresence(context)
  /** What the server last said of each: the store does not count visits. */
  let fresh = new Map<string, Person>()
  let shown = pageSize
  let keys: readonly string[] = []
  let stop: (() => void)[] = []
  let waiting: ReturnType<typeof setTimeout> | undefined

  const filters = createFilters(() => {
    shown = pageSize
    render()
  })
  const list = element('ul', { class: 'people-grid' })
  const empty = element('div', {})
  const status = element('p', { role: 'status', class: 'people-count' })
  const more = button('Show more', () => {
    const next = list.children.length
    shown += pageSize
    render()
    list.children[next]?.querySelector('a')?.focus()
  })
  const find = button('Who is this?', () => openFind(context), { title: 'Search by a photo' })
  const enrol = button('Enrol', () => openEnrol(context), { class: 'button primary' })
  const why = element('p', { class: 'why-no-pictures', hidden: '' })
  const page = element(
    'section',
    { class: 'page people', 'aria-label': 'People' },
    element(
      'div',
      { class: 'page-head' },
      element('h2', {}, 'People'),
      element('div', { class: 'actions' }, find, enrol),
    ),
    filters.element,
    why,
    status,
    list,
    empty,
    more,
  )

  const everybody = (): Person[] =>
    site.people().map((person) => {
      const told = fresh.get(person.id)
      if (!told) return person
      const isNewer = told.lastSeenAtMs > person.lastSeenAtMs
      return { ...person, tracks: Math.max(told.tracks, person.tracks), ...(isNewer && pick(told)) }
    })
  const pick = ({ lastSeenAtMs, lastCamera }: Person) => ({ lastSeenAtMs, lastCamera })

  const render = (): void => {
    clearTimeout(waiting)
    waiting = undefined
    const here = presence.here()
    const nowMs = site.nowMs()
    const people = everybody()
    const choice: Choice = {
      which: filters.which(),
      query: filters.query(),
      order: filters.order(),
      here,
      todayMs: midnight(nowMs),
    }
    filters.count(countPeople(people, choice))
    const chosen = choosePeople(people, choice)
    const visible = chosen.slice(0, shown)
    const seen = visible.map((person) => seenWords(person, here.get(person.id), nowMs))
    const next = visible.map((person, i) => cardKey(person, here.get(person.id), seen[i] ?? ''))
    if (next.length !== keys.length || next.some((key, i) => key !== keys[i])) draw(visible, seen, next)
    status.textContent =
      chosen.length > visible.length ? `${visible.length} of ${chosen.length} people` : `${chosen.length} people`
    more.hidden = chosen.length <= visible.length
    empty.replaceChildren(...(chosen.length === 0 ? [emptyState(nobody(people.length))] : []))
  }
  const draw = (visible: readonly Person[], seen: readonly string[], next: readonly string[]): void => {
    const old = new Map(keys.map((key, i) => [key, list.children[i]]))
    const focused = list.querySelector(':focus')?.getAttribute('href')
    const cards = visible.map((person, i) => {
      const kept = old.get(next[i] ?? '')
      return kept ?? personCard(context, person, seen[i]?.startsWith('here') === true, seen[i] ?? '')
    })
    list.replaceChildren(...cards)
    keys = next
    if (focused) list.querySelector<HTMLElement>(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
  }
  const nobody = (known: number): string => {
    if (known === 0) return 'Nobody has been seen yet. Who walks past a camera appears here.'
    if (filters.query().trim() !== '') return 'Nobody has such a name or ID.'
    return filters.which() === 'here' ? 'Nobody is on a camera now.' : 'Nobody has been seen today.'
  }
  const soon = (): void => {
    waiting ??= setTimeout(render, settleMs)
  }
  const load = async (): Promise<void> => {
    try {
      const [{ people }] = await Promise.all([
        api.get<{ readonly people: readonly Person[] }>('/api/people'),
        presence.load(),
      ])
      fresh = new Map(people.map((person) => [person.id, person]))
      render()
    } catch (error) {
      if (site.isConnected()) say((error as Error).message, { bad: true })
    }
  }
  const allow = (): void => {
    const isAllowed = may('biometric')
    for (const each of [find, enrol]) {
      each.disabled = !isAllowed
      if (!isAllowed) each.title = 'Your token lacks the scope biometric.'
    }
    why.hidden = isAllowed
    why.textContent = isAllowed ? '' : 'Pictures need a token with the scope biometric; you see colours and IDs.'
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    const [photo] = event.dataTransfer?.files ?? []
    if (event.type === 'drop' && photo && may('biometric')) openFind(context, photo)
  }
  const onPaste = (event: ClipboardEvent): void => {
    const [photo] = event.clipboardData?.files ?? []
    if (photo && may('biometric') && document.querySelector('dialog[open]') === null) openFind(context, photo)
  }
  for (const type of ['dragover', 'drop'] as const) page.addEventListener(type, onDrop)

  return {
    element: page,
    show() {
      if (stop.length > 0) return
      allow()
      const ticking = setInterval(render, tickMs)
      document.addEventListener('paste', onPaste)
      stop = [
        site.onChange(soon),
        onEvent((event) => {
          if (presence.take(event)) soon()
        }),
        () => clearInterval(ticking),
        () => document.removeEventListener('paste', onPaste),
      ]
      render()
      void load()
    },
    hide() {
      clearTimeout(waiting)
      waiting = undefined
      for (const each of stop) each()
      stop = []
    },
  }
}
