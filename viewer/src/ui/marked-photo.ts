import type { Box } from '../../../src/types.ts'
import { element } from './element.ts'

/** A frame around a face. */
export interface Mark {
  readonly box: Box
  /** Decides the colour. */
  readonly good: boolean
  /** Stands beside the frame. */
  readonly label?: string
}

/** The longer side as it is drawn: a small photo is enlarged, so that frames and labels can be read. */
const [leastPx, mostPx] = [360, 640]

/**
 * A photo, turned clockwise by `turn` degrees as the server turned it, with frames around faces. Boxes are fractions of the
 * turned photo. A photo that this browser cannot show, such as HEIC, is named instead.
 */
export const markedPhoto = async (
  photo: Blob,
  turn: number,
  marks: readonly Mark[],
  alt: string,
): Promise<HTMLElement> => {
  const picture = await createImageBitmap(photo).catch(() => null)
  if (picture === null) return element('p', { class: 'unshown' }, 'This browser cannot show the photo.')
  const isOnSide = turn % 180 !== 0
  const [width, height] = isOnSide ? [picture.height, picture.width] : [picture.width, picture.height]
  const longest = Math.max(width, height)
  const scale = Math.min(mostPx, Math.max(leastPx, longest)) / longest
  const canvas = element('canvas', { role: 'img', 'aria-label': alt, class: 'marked-photo' })
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const pen = canvas.getContext('2d')
  if (pen === null) return canvas
  pen.translate(canvas.width / 2, canvas.height / 2)
  pen.rotate((turn * Math.PI) / 180)
  pen.scale(scale, scale)
  pen.drawImage(picture, -picture.width / 2, -picture.height / 2)
  picture.close()
  pen.resetTransform()
  const styles = getComputedStyle(document.documentElement)
  pen.lineWidth = 3
  pen.font = '600 14px system-ui'
  for (const { box, good, label } of marks) {
    pen.strokeStyle = styles.getPropertyValue(good ? '--on-screen' : '--on-screen-bad')
    const [x, y] = [box.x * canvas.width, box.y * canvas.height]
    pen.strokeRect(x, y, box.width * canvas.width, box.height * canvas.height)
    if (label === undefined) continue
    pen.fillStyle = styles.getPropertyValue('--scrim')
    const wide = pen.measureText(label).width + 10
    pen.fillRect(x, Math.max(0, y - 22), wide, 20)
    pen.fillStyle = styles.getPropertyValue('--on-screen')
    pen.fillText(label, x + 5, Math.max(14, y - 7))
  }
  return canvas
}
