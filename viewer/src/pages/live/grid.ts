import type { CameraChange, CameraId, PersonId } from '../../../../src/types.ts'
import { element } from '../../ui/element.ts'
import { layoutGrid } from './grid-layout.ts'
import { createTile, type Tile, type TileWords } from './tile.ts'

/** The tiles of all cameras, in as many columns as make them largest. */
export interface Grid {
  readonly element: HTMLElement
  /** Adds, removes and orders the tiles, and shows the states. */
  update(changes: ReadonlyMap<CameraId, CameraChange>, order: readonly CameraId[], pinned: readonly CameraId[]): void
  /** Shows this camera large and the others beside it; null shows all alike. */
  enlarge(camera: CameraId | null): void
  choose(person: PersonId | null): void
  /** Once or twice a second. */
  tick(): void
  rename(): void
  /** Plays what is in view; without `isShown` nothing. */
  play(isShown: boolean): void
}

/** What the grid tells the page. */
export interface GridActs {
  readonly onEnlarge: (camera: CameraId) => void
  readonly onPin: (camera: CameraId) => void
  /** Other tiles are in view than before. */
  readonly onView: () => void
}

/** The height of a tile's caption and of the gap between tiles, CSS pixels, as in live.css. */
const captionHeight = 38
const gap = 12

/** So many tiles show video, and so many more key frames; the others stills. Each does less when the browser is late. */
const [mostVideo, mostKeys] = [12, 25]

/** What a tile may show that is at this place among those in view; the large one is at 0. */
const mostFor = (place: number | undefined) => {
  if (place === undefined) return 'nothing'
  return place < mostVideo ? 'all' : place < mostKeys ? 'keys' : 'stills'
}

/** The room between the top of the grid and the lower edge of the window. */
const roomFor = (grid: HTMLElement) => {
  const top = grid.getBoundingClientRect().top + scrollY
  return { width: grid.clientWidth, height: Math.max(200, innerHeight - top - 16), gap, captionHeight }
}

/** Sets the columns and sizes for so many tiles, which live.css reads. */
const applyLayout = (grid: HTMLElement, count: number): void => {
  const room = roomFor(grid)
  const { columns, tileWidth } = layoutGrid(count, room)
  grid.style.setProperty('--columns', String(columns))
  grid.style.setProperty('--others', String(Math.max(1, count - 1)))
  grid.style.setProperty('--tile-width', `${tileWidth}px`)
  grid.style.setProperty('--room', `${room.height}px`)
  grid.style.setProperty('--stage', `${room.width}px`)
}

/** Tells whether each of `elements` can be seen. */
const watchView = (onView: () => void) => {
  const seen = new Set<Element>()
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target)
      else seen.delete(target)
    }
    onView()
  })
  return {
    add: (target: Element): void => observer.observe(target),
    remove: (target: Element): void => {
      observer.unobserve(target)
      seen.delete(target)
    },
    sees: (target: Element): boolean => seen.has(target),
  }
}

/** An empty grid. */
export const createGrid = (words: TileWords, acts: GridActs): Grid => {
  const grid = element('section', { id: 'cameras', 'aria-label': 'Cameras' })
  const tiles = new Map<CameraId, Tile>()
  const view = watchView(acts.onView)
  let large: CameraId | null = null

  const layOut = (): void => applyLayout(grid, tiles.size)
  new ResizeObserver(layOut).observe(grid)
  addEventListener('resize', layOut)

  const add = (camera: CameraId): Tile => {
    const tile = createTile(camera, words, {
      onEnlarge: () => acts.onEnlarge(camera),
      onPin: () => acts.onPin(camera),
    })
    tiles.set(camera, tile)
    view.add(tile.element)
    return tile
  }
  const remove = (camera: CameraId, tile: Tile): void => {
    view.remove(tile.element)
    tile.close()
    tile.element.remove()
    tiles.delete(camera)
  }
  const enlarge = (camera: CameraId | null): void => {
    large = camera
    grid.classList.toggle('has-large', large !== null && tiles.has(large))
  }
  return {
    element: grid,
    update: (changes, order, pinned) => {
      for (const [camera, tile] of tiles) if (!changes.has(camera)) remove(camera, tile)
      const nowMs = performance.now()
      order.forEach((camera, i) => {
        const change = changes.get(camera)
        if (change === undefined) return
        const tile = tiles.get(camera) ?? add(camera)
        const { retryInMs, atMs } = change
        tile.change(change, retryInMs === undefined ? null : nowMs + retryInMs - (words.nowMs() - atMs))
        tile.mark(camera === large, pinned.includes(camera))
        // Moving an element takes the keyboard focus away from it.
        if (grid.children[i] !== tile.element) grid.insertBefore(tile.element, grid.children[i] ?? null)
      })
      enlarge(large)
      layOut()
    },
    enlarge,
    choose: (person) => {
      for (const tile of tiles.values()) tile.choose(person)
    },
    tick: () => {
      const nowMs = performance.now()
      for (const tile of tiles.values()) tile.tick(nowMs)
    },
    rename: () => {
      for (const tile of tiles.values()) tile.rename()
    },
    play: (isShown) => {
      const seen = [...tiles].filter(([, tile]) => isShown && view.sees(tile.element))
      const order = seen.sort(([a], [b]) => Number(b === large) - Number(a === large))
      const places = new Map(order.map(([camera], i) => [camera, i]))
      for (const [camera, tile] of tiles) tile.want(mostFor(places.get(camera)))
    },
  }
}
