import { createWatching } from '@rollcall/client/video'
import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { CameraId } from '../../../../src/types.ts'
import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { createGrid } from './grid.ts'
import { inOrder, nextInCycle } from './order.ts'
import { keepPreferences, type Preferences, readPreferences } from './preferences.ts'
import { createSide } from './side.ts'
import { createToggle, createToolbar } from './toolbar.ts'

/** How long each camera is large while they are cycled. */
const cycleMs = 10_000
const tickMs = 500

const isTyping = ({ target }: Event): boolean =>
  target instanceof Element && target.closest('input, textarea, select, dialog') !== null

/** Every camera, who is there, and what happened. `#/live/CAMERA` shows one camera large. */
export const createLivePage: CreatePage = (context) => {
  const { site, client, onEvent, go, say } = context
  let preferences = readPreferences(localStorage)
  let large: CameraId | null = null
  let cycling: ReturnType<typeof setInterval> | undefined
  let isFeedRead = false
  let stop: (() => void)[] = []

  const grid = createGrid(
    {
      nameOf: site.nameOf,
      resolve: site.resolve,
      nowMs: site.nowMs,
      client,
      watching: createWatching((watch) => client.watch(watch)),
    },
    {
      onEnlarge: (camera) => go(camera === large ? '/live' : `/live/${encodeURIComponent(camera)}`),
      onPin: (camera) => {
        const { pinned } = preferences
        const without = pinned.filter((each) => each !== camera)
        prefer({ pinned: without.length < pinned.length ? without : [...pinned, camera] })
        update()
      },
      onView: () => watch(),
    },
  )
  const side = createSide(context, (person) => grid.choose(person))
  const empty = element('div', { class: 'panel' })
  const title = element('h2', {}, 'Live')
  const toggles = {
    cycle: createToggle('cycle', 'Cycle: each camera large for 10 s; two or more pinned ones alone', () => cycle()),
    readout: createToggle('figures', 'Say how exact and how late each picture is', () =>
      prefer({ readout: !preferences.readout }),
    ),
    fullScreen: createToggle('fullscreen', 'Full screen (f)', () => void fill()),
    side: createToggle('panel', 'People and events', () => prefer({ side: !preferences.side })),
  }
  const page = element(
    'div',
    { class: 'live' },
    element('div', { class: 'stage' }, createToolbar(title, ...Object.values(toggles)), empty, grid.element),
    side.element,
  )

  const order = (): CameraId[] =>
    inOrder(
      site.cameras().map(({ camera }) => camera),
      preferences.pinned,
    )
  const watch = (): void => grid.play(stop.length > 0)
  const prefer = (changed: Partial<Preferences>): void => {
    preferences = { ...preferences, ...changed }
    keepPreferences(localStorage, preferences)
    applyPreferences()
  }
  const applyPreferences = (): void => {
    page.classList.toggle('no-side', !preferences.side)
    page.classList.toggle('with-readout', preferences.readout)
    toggles.side.set(preferences.side)
    toggles.readout.set(preferences.readout)
  }
  const next = (): void => {
    const sends = (camera: CameraId) => site.camera(camera)?.state === 'online'
    const camera = nextInCycle(large, order(), preferences.pinned, sends)
    if (camera !== null) go(`/live/${encodeURIComponent(camera)}`)
  }
  const cycle = (): void => {
    const isOn = cycling === undefined
    clearInterval(cycling)
    cycling = isOn ? setInterval(next, cycleMs) : undefined
    toggles.cycle.set(isOn)
    if (isOn) next()
  }
  const fill = async (): Promise<void> => {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await page.requestFullscreen().catch(() => say('This browser shows no full screen here.', { bad: true }))
  }
  /** Left and right go from one large camera to the next. */
  const step = (by: number): void => {
    const all = order()
    const camera = all[(all.indexOf(large ?? '') + by + all.length) % all.length]
    if (camera !== undefined) go(`/live/${encodeURIComponent(camera)}`)
  }
  const onKey = (event: KeyboardEvent): void => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'f') void fill()
    else if (large !== null && event.key === 'Escape') go('/live')
    else if (large !== null && event.key === 'ArrowRight') step(1)
    else if (large !== null && event.key === 'ArrowLeft') step(-1)
  }

  const showEmpty = (isEmpty: boolean): void => {
    empty.hidden = !isEmpty
    grid.element.hidden = isEmpty
    if (!isEmpty) return
    const add = element('a', { class: 'button primary', href: '#/cameras' }, 'Add a camera')
    empty.replaceChildren(
      site.isConnected() ? emptyState('There is no camera yet.', add) : emptyState('Connecting to Rollcall …'),
    )
  }
  const update = (): void => {
    const changes = new Map(site.cameras().map((change) => [change.camera, change]))
    showEmpty(changes.size === 0)
    void readFeed()
    grid.update(changes, order(), preferences.pinned)
    watch()
    tick()
  }
  const tick = (): void => {
    grid.tick()
    side.update()
  }
  /** What happened before the page was opened. */
  const readFeed = async (): Promise<void> => {
    if (isFeedRead || !site.isConnected()) return
    isFeedRead = true
    const answer = await context.api
      .get<{ events: { event: RollcallEvent }[] }>('/api/events?limit=200')
      .catch(() => null)
    for (const { event } of answer?.events.toReversed() ?? []) side.add(event)
  }
  onEvent((event) => {
    side.add(event)
    if (event.type.startsWith('rollcall.person.')) grid.rename()
  })
  document.addEventListener('fullscreenchange', () => toggles.fullScreen.set(document.fullscreenElement === page))
  applyPreferences()

  return {
    element: page,
    show: ([camera = null]) => {
      large = camera
      if (stop.length === 0) {
        const timer = setInterval(tick, tickMs)
        addEventListener('keydown', onKey)
        stop = [
          site.onChange(update),
          () => clearInterval(timer),
          () => removeEventListener('keydown', onKey),
          () => cycling !== undefined && cycle(),
        ]
      }
      grid.enlarge(large)
      update()
    },
    hide: () => {
      for (const each of stop) each()
      stop = []
      watch()
    },
  }
}
