import type { CameraId } from '../../../../src/types.ts'
import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { createFeed } from './feed.ts'
import { createPeopleList } from './people-list.ts'
import { createTile, type Tile } from './tile.ts'

/** Every camera, who is there, and what happened. `#/live/CAMERA` shows one camera large. */
export const createLivePage: CreatePage = ({ site, client, onEvent }) => {
  const grid = element(
    'section',
    { id: 'cameras', 'aria-label': 'Cameras' },
    element('p', { class: 'empty' }, 'No camera yet.'),
  )
  const peopleElement = element('ul', { id: 'people' })
  const feedElement = element('ol', { id: 'feed', 'aria-labelledby': 'feed-title' })
  const side = element(
    'aside',
    {},
    element(
      'section',
      { 'aria-labelledby': 'people-title' },
      element('h2', { id: 'people-title' }, 'People'),
      peopleElement,
      element('p', { class: 'empty' }, 'Nobody has been seen yet.'),
    ),
    element(
      'section',
      { 'aria-labelledby': 'feed-title' },
      element('h2', { id: 'feed-title' }, 'Latest events'),
      feedElement,
      element('p', { class: 'empty' }, 'Nothing has happened yet.'),
    ),
  )
  const tiles = new Map<CameraId, Tile>()
  const feed = createFeed(feedElement, site)
  const people = createPeopleList(peopleElement, site, (person) => {
    for (const tile of tiles.values()) tile.choose(person)
  })
  let stop: (() => void)[] = []

  const update = (): void => {
    const before = [...tiles.keys()].join()
    const present = new Map(site.cameras().map((change) => [change.camera, change]))
    for (const [camera, tile] of tiles) {
      if (present.has(camera)) continue
      tile.element.remove()
      tiles.delete(camera)
    }
    for (const [camera, change] of present) {
      const tile = tiles.get(camera) ?? createTile(camera, site)
      if (!tiles.has(camera)) grid.append(tile.element)
      tiles.set(camera, tile)
      const { retryInMs } = change
      tile.change(change, retryInMs === undefined ? null : performance.now() + retryInMs - (site.nowMs() - change.atMs))
    }
    if ([...tiles.keys()].join() !== before) client.watch({ cameras: [...tiles.keys()] })
    tick()
  }
  const tick = (): void => {
    const nowMs = performance.now()
    for (const tile of tiles.values()) tile.tick(nowMs)
    people.update()
  }
  onEvent((event) => feed.add(event))

  return {
    element: element('div', { class: 'live' }, grid, side),
    show: () => {
      if (stop.length > 0) return
      const timer = setInterval(tick, 500)
      stop = [
        site.onChange(update),
        client.onPicture((picture) => tiles.get(picture.frame.camera)?.show(picture)),
        () => clearInterval(timer),
        () => client.watch({ cameras: [] }),
      ]
      update()
      client.watch({ cameras: [...tiles.keys()] })
    },
    hide: () => {
      for (const each of stop) each()
      stop = []
    },
  }
}
