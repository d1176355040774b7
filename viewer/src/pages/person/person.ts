import type { RollcallEvent, Sighting } from '../../../../src/events/types.ts'
import type { PersonDetails } from '../../../../src/identity/gallery/gallery.ts'
import { ApiError, errorWords } from '../../shell/api.ts'
import type { CreatePage } from '../../shell/page.ts'
import { bestPhotosOf } from '../../ui/best-photos.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { decisionsOf } from './decisions.ts'
import { exportButtons } from './export.ts'
import { personHead } from './head.ts'
import { photosAt } from './photos.ts'
import { openStay } from './stay-dialog.ts'
import { createTimeline } from './timeline.ts'

/** Visits that are asked for at once, and how long changes wait for others. */
const pageSize = 500
const settleMs = 1500
/** After somebody changed people the page is read again this soon: every viewer shows it within a second. */
const changedMs = 150

interface Page {
  readonly sightings: readonly Sighting[]
  readonly next: string | null
}

/** One person: pictures, visits by day, why Rollcall takes what it saw for this person, and what can be done. */
export const createPersonPage: CreatePage = (context) => {
  const { api, site, onEvent } = context
  let id = ''
  let visits: readonly Sighting[] = []
  let next: string | null = null
  let waiting: ReturnType<typeof setTimeout> | undefined
  let stop: (() => void)[] = []
  let asked = 0

  const head = element('div', {})
  const photos = element('div', {})
  const decisions = element('div', {})
  const timeline = createTimeline((stay) => openStay(context, stay))
  const older = button('Load earlier visits', () => void loadOlder())
  const section = (title: string, ...children: readonly Node[]): HTMLElement =>
    element('section', { class: 'panel person-section' }, element('h3', {}, title), ...children)
  const body = element(
    'div',
    { class: 'person-body' },
    section('Pictures', photos),
    section(
      'Visits by day',
      timeline.element,
      older,
      exportButtons(context, () => id),
    ),
    section('Why this person', decisions),
  )
  const page = element(
    'section',
    { class: 'page person', 'aria-label': 'Person' },
    element('p', { class: 'back' }, element('a', { href: '#/people' }, '‹ People')),
    head,
    body,
  )

  const pathOf = (cursor: string | null): string =>
    `/api/sightings?limit=${pageSize}&person=${encodeURIComponent(id)}${cursor === null ? '' : `&cursor=${cursor}`}`
  const drawVisits = (): void => {
    timeline.draw(visits)
    older.hidden = next === null
  }
  const loadOlder = async (): Promise<void> => {
    const [wanted, page] = [id, await api.get<Page>(pathOf(next))]
    if (wanted !== id) return
    visits = [...visits, ...page.sightings]
    next = page.next
    drawVisits()
  }
  const showOnly = (words: string): void => {
    head.replaceChildren(emptyState(words))
    body.hidden = true
  }
  const fail = (error: unknown): void => {
    const isGone = error instanceof ApiError && error.status === 404
    showOnly(isGone ? 'There is nobody with this ID: perhaps somebody deleted it.' : errorWords(error))
  }
  /** Nothing of a deleted person is asked for any more. */
  const showDeleted = (): void => {
    clearTimeout(waiting)
    waiting = undefined
    asked++
    showOnly('Somebody deleted this person, with every trace.')
  }
  const drawHead = (person: PersonDetails): void => {
    const cameras = [...new Set(visits.map(({ camera }) => camera))].sort()
    const count = next === null ? String(visits.length) : `more than ${visits.length}`
    head.replaceChildren(personHead(context, person, { cameras, visits: count }, () => void load()))
    document.title = `${site.nameOf(person.id)} – Rollcall`
  }
  const load = async (): Promise<void> => {
    const turn = ++asked
    const path = `/api/people/${encodeURIComponent(id)}`
    try {
      const [{ person }, page] = await Promise.all([
        api.get<{ readonly person: PersonDetails }>(path),
        api.get<Page>(pathOf(null)),
      ])
      if (turn !== asked) return
      visits = page.sightings
      next = page.next
      body.hidden = false
      drawHead(person)
      drawVisits()
      const [pictures, reasons] = await Promise.all([photosAt(context, `${path}/photos`), decisionsOf(context, id)])
      if (turn !== asked) return
      photos.replaceChildren(pictures)
      decisions.replaceChildren(reasons)
    } catch (error) {
      if (turn === asked && site.isConnected()) fail(error)
    }
  }
  const soon = (type: string): void => {
    const isChange = type.startsWith('rollcall.person.') || type === 'rollcall.sighting.corrected.v1'
    if (isChange) clearTimeout(waiting)
    else if (waiting !== undefined) return
    waiting = setTimeout(
      () => {
        waiting = undefined
        bestPhotosOf(api).forget(id)
        void load()
      },
      isChange ? changedMs : settleMs,
    )
  }
  const isAbout = (data: object): boolean =>
    Object.values(data).some((value) => typeof value === 'string' && site.resolve(value) === site.resolve(id))

  const follow = ({ type, data }: RollcallEvent): void => {
    if (!isAbout(data)) return
    if (type === 'rollcall.person.deleted.v1') showDeleted()
    else soon(type)
  }

  return {
    element: page,
    show([wanted = '']) {
      if (wanted !== id) {
        id = wanted
        for (const each of [head, photos, decisions]) each.replaceChildren()
        timeline.draw([])
      }
      if (stop.length === 0) stop = [onEvent(follow)]
      void load()
    },
    hide() {
      clearTimeout(waiting)
      waiting = undefined
      asked++
      for (const each of stop) each()
      stop = []
    },
  }
}
