import type { Person } from '../../../../src/types.ts'
import { atMostEvery } from '../../shell/at-most-every.ts'
import type { CreatePage, PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { choosePeople, countPeople } from './choose.ts'
import { createFilters, type Filters } from './filters.ts'
import { createGrid } from './grid.ts'
import { openObjections } from './objections-dialog.ts'
import { createPhotoButtons } from './photo-buttons.ts'

/** "2 min ago" is written anew so often; changes are shown at once, and no more often than every `restMs`. */
const tickMs = 15_000
const restMs = 250

const midnight = (nowMs: number): number => new Date(nowMs).setHours(0, 0, 0, 0)

/** Why the list is empty. */
const nobody = (known: number, filters: Filters): string => {
  if (known === 0) return 'Nobody has been seen yet. Who walks past a camera appears here.'
  if (filters.query().trim() !== '') return 'Nobody has such a name or ID.'
  return filters.which() === 'here' ? 'Nobody is on a camera now.' : 'Nobody has been seen today.'
}

/** Everybody, with what the server last said of their visits: the store of the viewer does not count them. */
const createEverybody = ({ site, api }: PageContext) => {
  let told = new Map<string, Person>()
  const newer = (person: Person): Person => {
    const last = told.get(person.id)
    if (!last) return person
    const tracks = Math.max(last.tracks, person.tracks)
    if (last.lastSeenAtMs <= person.lastSeenAtMs) return { ...person, tracks }
    return { ...person, tracks, lastSeenAtMs: last.lastSeenAtMs, lastCamera: last.lastCamera }
  }
  return {
    list: (): Person[] => site.people().map(newer),
    load: async (): Promise<void> => {
      const { people } = await api.get<{ readonly people: readonly Person[] }>('/api/people')
      told = new Map(people.map((person) => [person.id, person]))
    },
  }
}

/** Everybody, as faces or colours; who is here now; whom a photo shows; and enrolment. */
export const createPeoplePage: CreatePage = (context) => {
  const { site, say } = context
  const everybody = createEverybody(context)
  let stop: (() => void)[] = []

  const render = (): void => {
    const people = everybody.list()
    const here = site.here()
    const asked = { query: filters.query(), here, todayMs: midnight(site.nowMs()) }
    filters.count(countPeople(people, asked))
    const chosen = choosePeople(people, { ...asked, which: filters.which(), order: filters.order() })
    grid.draw(chosen, here)
    empty.replaceChildren(...(chosen.length === 0 ? [emptyState(nobody(people.length, filters))] : []))
  }
  const changes = atMostEvery(restMs, render)
  const grid = createGrid(context, render)
  const filters = createFilters(() => {
    grid.restart()
    render()
  })
  const photos = createPhotoButtons(context)
  const empty = element('div', {})
  const objections = button('Objections', () => openObjections(context), { title: 'Who is never to be recognised' })
  const buttons = element('div', { class: 'actions' }, objections, ...photos.buttons)
  const head = element('div', { class: 'page-head' }, element('h2', {}, 'People'), buttons)
  const page = element(
    'section',
    { class: 'page people', 'aria-label': 'People' },
    head,
    filters.element,
    photos.why,
    ...grid.elements,
    empty,
  )
  photos.takeDrops(page)

  return {
    element: page,
    show() {
      if (stop.length > 0) return
      photos.allow()
      const ticking = setInterval(render, tickMs)
      stop = [site.onChange(changes.ask), () => clearInterval(ticking), photos.takePastes()]
      render()
      everybody.load().then(render, (error: Error) => site.isConnected() && say(error.message, { bad: true }))
    },
    hide() {
      changes.stop()
      for (const each of stop) each()
      stop = []
    },
  }
}
