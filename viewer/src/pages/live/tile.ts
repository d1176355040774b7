import {
  createVideo,
  type Look,
  type PictureSize,
  type ToldFace,
  type Video,
  type VideoClient,
  type VideoFigures,
  type VideoLevel,
  type Watching,
} from '@rollcall/client/video'
import type { FrameEvent } from '../../../../src/events/types.ts'
import type { CameraChange, CameraId, PersonId } from '../../../../src/types.ts'
import { colourOf } from '../../ui/person-look.ts'
import { createTileElements, type TileActs } from './tile-elements.ts'
import { pictureText, rateText, readoutText, retryText, stateText, unclearText } from './tile-text.ts'

/** One camera on the page. */
export interface Tile {
  readonly element: HTMLElement
  /** Shows the camera's state. `retryAtMs` is when it is opened again, by `performance.now()`; null when it is not. */
  change(change: CameraChange, retryAtMs: number | null): void
  /** The most that the tile may show of its camera; it begins with nothing. */
  readonly want: Video['want']
  /** Dims everybody but this person; null dims nobody. */
  choose(person: PersonId | null): void
  /** Marks the tile as the large one, and as pinned. */
  mark(isLarge: boolean, isPinned: boolean): void
  /** Updates the frame rate and the time to the next attempt. `nowMs` is `performance.now()`. */
  tick(nowMs: number): void
  /** Draws again with the names that people have now. */
  readonly rename: () => void
  /** Asks for nothing any more. */
  readonly close: () => void
}

/** Writes only what is new, so that screen readers do not read it again. */
const write = (node: HTMLElement, text: string): void => {
  if (node.textContent !== text) node.textContent = text
}

/** Null hides it. */
const writeNotice = (notice: HTMLElement, text: string | null): void => {
  write(notice, text ?? '')
  notice.hidden = text === null
}

/** What a tile knows of the site. */
export interface TileWords {
  readonly nameOf: (person: PersonId) => string
  /** The ID that stands for this one now. */
  readonly resolve: (person: PersonId) => PersonId
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: () => number
  readonly client: VideoClient
  readonly watching: Watching
}

const tentativeColour = '#c3ccd4'

/** How a face's box looks; `chosen` is the person who is not dimmed. */
const lookOf = (face: ToldFace, { resolve, nameOf }: TileWords, chosen: PersonId | null): Look => {
  const person = face.person === null ? null : resolve(face.person)
  const isDim = chosen !== null && person !== chosen
  return person === null
    ? { text: unclearText(face), colour: tentativeColour, isDim }
    : { text: nameOf(person), colour: colourOf(person), isDim }
}

/** Makes the canvas' box as large as the screen allows, in the picture's shape. Returns its size in device pixels. */
const fitCanvas = (
  canvas: HTMLCanvasElement,
  screen: HTMLElement,
  { width, height }: PictureSize,
): [number, number] => {
  const scale = Math.min(screen.clientWidth / width, screen.clientHeight / height)
  Object.assign(canvas.style, { width: `${width * scale}px`, height: `${height * scale}px` })
  return [Math.round(width * scale * devicePixelRatio), Math.round(height * scale * devicePixelRatio)]
}

/** Shows one camera: its video or stills with their boxes, and its state over it. A click or Enter enlarges it. */
export const createTile = (camera: CameraId, words: TileWords, acts: TileActs): Tile => {
  const { tile, screen, canvas, state, reason, retry, damage, notice, figures, zoom, pin, readout } =
    createTileElements(camera, acts)
  let retryAt: number | null = null
  let chosen: PersonId | null = null
  let size: PictureSize | null = null
  let level: VideoLevel = 'nothing'
  let last: VideoFigures | null = null

  const resize = (): void => {
    if (size !== null && screen.clientWidth > 0) video.resize(...fitCanvas(canvas, screen, size))
  }
  const onShown = (frame: FrameEvent['data']): void => {
    damage.hidden = frame.damaged !== true
    const label = pictureText(camera, frame, words.nameOf)
    if (canvas.ariaLabel !== label) canvas.ariaLabel = label
    tile.dataset.seq = String(frame.seq)
  }
  const video = createVideo(canvas, {
    camera,
    client: words.client,
    watching: words.watching,
    look: (face) => lookOf(face, words, chosen),
    onShown,
    onResized: (next) => {
      size = next
      resize()
    },
    onState: (now) => {
      level = now.level
      tile.dataset.level = level
      tile.classList.toggle('has-picture', now.hasPicture)
      // Before the first picture it may say why none comes.
      writeNotice(notice, (now.hasPicture ? now.waiting : null) ?? now.reason)
    },
    onFigures: (now) => {
      last = now
    },
  })
  new ResizeObserver(resize).observe(screen)

  const tick = (nowMs: number): void => {
    write(figures, rateText(last?.fps ?? 0))
    write(readout, readoutText(level, last))
    write(retry, retryText(retryAt === null ? null : retryAt - nowMs))
  }
  return {
    element: tile,
    tick,
    rename: () => video.refresh(),
    want: (most) => video.want(most),
    close: () => video.close(),
    change: (change, retryAtMs) => {
      const text = stateText(change)
      tile.dataset.state = text.name
      write(state, text.title)
      write(reason, text.reason)
      retryAt = retryAtMs
      tick(performance.now())
    },
    choose: (person) => {
      chosen = person
      video.refresh()
    },
    mark: (isLarge, isPinned) => {
      tile.classList.toggle('large', isLarge)
      zoom.setAttribute('aria-pressed', String(isLarge))
      zoom.title = isLarge ? 'Show all' : 'Show large'
      pin.setAttribute('aria-pressed', String(isPinned))
    },
  }
}
