import { createWatching } from '@rollcall/client/video'
import type { CameraId } from '../../../../src/types.ts'
import type { CreatePage, PageContext } from '../../shell/page.ts'
import { createGrid, type Grid, type GridActs } from './grid.ts'
import { createLargeCamera } from './large-camera.ts'
import { createLiveElements } from './live-elements.ts'
import { listenToKeys } from './live-keys.ts'
import { inOrder } from './order.ts'
import { createPastEvents } from './past-events.ts'
import { keepPreferences } from './preferences.ts'
import { createSide } from './side.ts'

const tickMs = 500

/** Calls `act` again and again. Returns how to stop. */
const every = (ms: number, act: () => void): (() => void) => {
  const timer = setInterval(act, ms)
  return () => clearInterval(timer)
}

/** The grid of this site. Its tiles tell the server together which cameras they show. */
const createSiteGrid = ({ site, client }: PageContext, acts: GridActs): Grid => {
  const { nameOf, resolve, nowMs } = site
  const watching = createWatching((watch) => client.watch(watch))
  return createGrid({ nameOf, resolve, nowMs, client, watching }, acts)
}

/** Every camera, who is there, and what happened. `#/live/CAMERA` shows one camera large. */
export const createLivePage: CreatePage = (context) => {
  const { site, onEvent, go, say } = context
  const preferences = keepPreferences(localStorage, (now) => elements.apply(now))
  let stop: (() => void)[] = []

  const names = (): CameraId[] => site.cameras().map(({ camera }) => camera)
  const pinned = (): readonly CameraId[] => preferences.now().pinned
  const order = (): CameraId[] => inOrder(names(), pinned())
  const large = createLargeCamera({
    go,
    order,
    pinned,
    isOnline: (camera) => site.camera(camera)?.state === 'online',
    onCycle: (isOn) => elements.setCycle(isOn),
  })
  const grid = createSiteGrid(context, {
    onEnlarge: (camera) => large.toggle(camera),
    onPin: (camera) => {
      preferences.togglePin(camera)
      update()
    },
    onView: () => watch(),
  })
  const side = createSide(context, (person) => grid.choose(person))
  const elements = createLiveElements(grid.element, side.element, {
    onCycle: () => large.cycle(),
    onReadout: () => preferences.change({ readout: !preferences.now().readout }),
    onSide: () => preferences.change({ side: !preferences.now().side }),
    onNoFullScreen: () => say('This browser shows no full screen here.', { bad: true }),
  })
  const readPastEvents = createPastEvents(context, side.add)

  const watch = (): void => grid.play(stop.length > 0)
  const tick = (): void => {
    grid.tick()
    side.update()
  }
  const update = (): void => {
    const changes = new Map(site.cameras().map((change) => [change.camera, change]))
    elements.showEmpty(changes.size === 0, site.isConnected())
    void readPastEvents()
    grid.update(changes, order(), pinned())
    watch()
    tick()
  }
  const start = (): (() => void)[] => [
    site.onChange(update),
    every(tickMs, tick),
    listenToKeys(large, elements.fillScreen),
    () => large.stopCycle(),
  ]
  onEvent((event) => {
    side.add(event)
    if (event.type.startsWith('rollcall.person.')) grid.rename()
  })
  elements.apply(preferences.now())

  return {
    element: elements.page,
    show: ([camera = null]) => {
      large.set(camera)
      if (stop.length === 0) stop = start()
      grid.enlarge(camera)
      update()
    },
    hide: () => {
      for (const each of stop) each()
      stop = []
      watch()
    },
  }
}
