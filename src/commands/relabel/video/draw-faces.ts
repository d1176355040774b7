import type { FrameEvent, FrameFace } from '../../../events/types.ts'
import type { PersonId, Yuv } from '../../../types.ts'
import { fromRgbOf } from '../../../vision/yuv.ts'
import { colourOf, nobodyColour } from './colours.ts'
import { maskOf } from './labels.ts'
import { type Canvas, canvasOf, fill, type Mask, outline, type Rectangle, stamp } from './picture.ts'

/** Draws what a frame event says onto the picture that it is about. */
export interface FaceDrawing {
  /** A copy of the picture with boxes, and who they are. */
  draw(full: Yuv, { faces }: FrameEvent['data']): Promise<Canvas>
  /** Whether some person could not be written, because no font is installed. */
  readonly lacksFont: boolean
}

/** Line and letters grow with the picture, pixels. */
const lineOf = ({ height }: Canvas): number => Math.max(2, Math.round(height / 240))
const lettersOf = ({ height }: Canvas): number => Math.max(12, Math.round(height / 32))

const pixelsOf = ({ box }: FrameFace, { width, height }: Canvas): Rectangle => {
  const [left, top] = [Math.round(box.x * width), Math.round(box.y * height)]
  return {
    left,
    top,
    width: Math.round((box.x + box.width) * width) - left,
    height: Math.round((box.y + box.height) * height) - top,
  }
}

/** Draws with the names of people, or their IDs. Remembers how each is written. */
export const createFaceDrawing = (nameOf: (person: PersonId) => string): FaceDrawing => {
  const masks = new Map<string, Mask | null>()
  let lacksFont = false
  const maskFor = async (person: PersonId, height: number): Promise<Mask | null> => {
    const key = `${height} ${person}`
    const mask = masks.has(key) ? (masks.get(key) ?? null) : await maskOf(nameOf(person), height)
    masks.set(key, mask)
    lacksFont ||= mask === null
    return mask
  }
  return {
    get lacksFont() {
      return lacksFont
    },
    draw: async (full, { faces }) => {
      const canvas = canvasOf(full)
      const line = lineOf(canvas)
      const toYuv = fromRgbOf(full)
      // Whoever is nearest is drawn last.
      for (const face of faces.toSorted((a, b) => a.box.height - b.box.height)) {
        const box = pixelsOf(face, canvas)
        const colour = toYuv(face.person === null ? nobodyColour : colourOf(face.person))
        outline(canvas, box, face.person === null ? Math.ceil(line / 2) : line, colour)
        const mask = face.person === null ? null : await maskFor(face.person, lettersOf(canvas))
        if (mask === null) continue
        const [width, height] = [mask.width + 2 * line, mask.height + 2 * line]
        const top = box.top >= height ? box.top - height : box.top
        fill(canvas, { left: box.left, top, width, height }, colour)
        stamp(canvas, box.left + line, top + line, mask, toYuv([20, 20, 20])[0])
      }
      return canvas
    },
  }
}
