import type { Picture } from '@rollcall/client'
import type { PersonId } from '../../../../src/types.ts'
import { type DrawOptions, draw, type Shown } from './draw.ts'

/** The stills of one camera on a canvas. */
export interface Still {
  /** Resolves with true when the picture is shown, with false when it is left out because it is broken or late. */
  show(picture: Picture): Promise<boolean>
  /** Dims everybody but this person; null dims nobody. */
  readonly choose: (person: PersonId | null) => void
  /** Paints the picture again, in the size that there is room for now. */
  readonly repaint: () => void
  /** What is shown; undefined before the first picture. */
  frame(): Shown['frame'] | undefined
}

/**
 * Makes the canvas as large as the screen allows. It keeps the picture's aspect, with one canvas pixel a device pixel.
 */
const fitCanvas = (canvas: HTMLCanvasElement, screen: HTMLElement, { width, height }: Shown['frame']): void => {
  const scale = Math.min(screen.clientWidth / width, screen.clientHeight / height)
  Object.assign(canvas.style, { width: `${width * scale}px`, height: `${height * scale}px` })
  const [w, h] = [width, height].map((side) => Math.round(side * scale * devicePixelRatio))
  // Setting a size, even the same, clears the canvas.
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h })
}

/** Shows each still with the boxes that came in the same message. */
export const createStill = (
  canvas: HTMLCanvasElement,
  screen: HTMLElement,
  words: Omit<DrawOptions, 'chosen'>,
): Still => {
  let shown: Shown | undefined
  let chosen: PersonId | null = null
  let arrivals = 0
  let lastShown = 0
  const repaint = (): void => {
    if (shown === undefined || screen.clientWidth === 0) return
    fitCanvas(canvas, screen, shown.frame)
    draw(canvas, shown, { ...words, chosen })
  }
  return {
    show: async (picture) => {
      arrivals += 1
      const arrival = arrivals
      // A broken picture is left out.
      const image = await createImageBitmap(new Blob([picture.jpeg], { type: 'image/jpeg' })).catch(() => null)
      if (image === null) return false
      // Two pictures may be decoded at the same time, and the older one may be ready later.
      if (arrival < lastShown) {
        image.close()
        return false
      }
      lastShown = arrival
      shown?.image.close()
      shown = { frame: picture.frame, image }
      repaint()
      return true
    },
    choose: (person) => {
      chosen = person
      repaint()
    },
    repaint,
    frame: () => shown?.frame,
  }
}
