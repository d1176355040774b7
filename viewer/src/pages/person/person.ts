import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { PersonDetails } from '../../../../src/identity/gallery/gallery.ts'
import { ApiError, errorWords } from '../../shell/api.ts'
import { atMostEvery } from '../../shell/at-most-every.ts'
import type { CreatePage, PageContext } from '../../shell/page.ts'
import { bestPhotosOf } from '../../ui/best-photos.ts'
import { decisionsOf } from './decisions.ts'
import { createLayout } from './layout.ts'
import { photosAt } from './photos.ts'
import { noVisits, readVisits } from './visits.ts'

/** How long visits wait for others. */
const settleMs = 1500
/** What somebody changed is read again at once, and no more often than this. */
const changedMs = 250

const failureWords = (error: unknown): string =>
  error instanceof ApiError && error.status === 404
    ? 'There is nobody with this ID: perhaps somebody deleted it.'
    : errorWords(error)

/** Reads and shows one person. A newer `load` makes the answers to an older one count for nothing. */
const createLoading = (context: PageContext) => {
  const { api, site } = context
  let id = ''
  let asked = 0
  let visits = noVisits
  const layout = createLayout(context, {
    personOf: () => id,
    onOlder: () => void loadOlder(),
    onChanged: () => void load(),
  })

  const loadOlder = async (): Promise<void> => {
    const [wanted, more] = [id, await readVisits(api, id, visits)]
    if (wanted !== id) return
    visits = more
    layout.drawVisits(visits)
  }
  const draw = (person: PersonDetails): void => {
    const { list, next } = visits
    const cameras = [...new Set(list.map(({ camera }) => camera))].sort()
    const seen = { cameras, visits: next === null ? String(list.length) : `more than ${list.length}` }
    layout.draw(person, seen, visits)
    document.title = `${person.name ?? site.nameOf(person.id)} – Rollcall`
  }
  const read = async (turn: number): Promise<void> => {
    const path = `/api/people/${encodeURIComponent(id)}`
    const [{ person }, newest] = await Promise.all([
      api.get<{ readonly person: PersonDetails }>(path),
      readVisits(api, id),
    ])
    if (turn !== asked) return
    visits = newest
    draw(person)
    const [pictures, reasons] = await Promise.all([photosAt(context, `${path}/photos`), decisionsOf(context, id)])
    if (turn === asked) layout.fill(pictures, reasons)
  }
  const load = async (): Promise<void> => {
    const turn = ++asked
    await read(turn).catch((error: unknown) => {
      // Without an answer the banner tells of the lost connection, and what was known stays.
      const isAnswered = !(error instanceof ApiError) || error.status !== 0
      if (turn === asked && (isAnswered || site.isConnected())) layout.showOnly(failureWords(error))
    })
  }
  /** What is under way counts for nothing any more. */
  const stop = (): void => {
    asked++
  }
  return {
    element: layout.element,
    id: () => id,
    load,
    stop,
    /** Another person is shown from now on. */
    become(wanted: string): void {
      if (wanted === id) return
      id = wanted
      visits = noVisits
      layout.clear()
    },
    /** Nothing of a deleted person is asked for any more. */
    showDeleted(): void {
      stop()
      layout.showOnly('Somebody deleted this person, with every trace.')
    },
  }
}

/** One person: pictures, visits by day, why Rollcall takes what it saw for this person, and what can be done. */
export const createPersonPage: CreatePage = (context) => {
  const { api, site, onEvent } = context
  const shown = createLoading(context)
  let waiting: ReturnType<typeof setTimeout> | undefined
  let unfollow: (() => void) | null = null

  const again = (): void => {
    clearTimeout(waiting)
    waiting = undefined
    bestPhotosOf(api).forget(shown.id())
    void shown.load()
  }
  const changes = atMostEvery(changedMs, again)
  const waitNoMore = (): void => {
    clearTimeout(waiting)
    waiting = undefined
    changes.stop()
  }
  const soon = (type: string): void => {
    if (type.startsWith('rollcall.person.') || type === 'rollcall.sighting.corrected.v1') changes.ask()
    else waiting ??= setTimeout(again, settleMs)
  }
  const isAbout = (data: object): boolean => {
    const id = site.resolve(shown.id())
    return Object.values(data).some((value) => typeof value === 'string' && site.resolve(value) === id)
  }
  const follow = ({ type, data }: RollcallEvent): void => {
    if (!isAbout(data)) return
    if (type === 'rollcall.person.deleted.v1') {
      waitNoMore()
      shown.showDeleted()
    } else soon(type)
  }
  return {
    element: shown.element,
    show([wanted = '']) {
      shown.become(wanted)
      unfollow ??= onEvent(follow)
      void shown.load()
    },
    hide() {
      waitNoMore()
      shown.stop()
      unfollow?.()
      unfollow = null
    },
  }
}
