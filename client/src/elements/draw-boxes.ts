import { coverOf, type Place } from '../blur.ts'
import type { Box } from '../events.ts'
import type { ShownBox } from './boxes-at.ts'

/** A colour for each person, always the same; grey for somebody who is not told yet. */
export const colourOf = (person: string | null): string => {
  if (person === null) return '#9aa5b1'
  let hash = 0
  for (const letter of person) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360
  return `hsl(${hash} 80% 60%)`
}

/** Draws boxes and names over a picture. Somebody who is not told yet has a dashed box and no name. */
export const drawBoxes = (
  canvas: HTMLCanvasElement,
  boxes: readonly ShownBox[],
  place: Place,
  nameOf: (person: string) => string,
): void => {
  const context = canvas.getContext('2d')
  if (context === null) return
  const unit = Math.max(1, canvas.width / 640)
  context.font = `${12 * unit}px system-ui, sans-serif`
  context.textBaseline = 'bottom'
  context.lineWidth = 2 * unit
  for (const { person, box } of boxes) {
    const [x, y] = [place.x + box.x * place.width, place.y + box.y * place.height]
    context.strokeStyle = context.fillStyle = colourOf(person)
    context.setLineDash(person === null ? [6 * unit, 4 * unit] : [])
    context.strokeRect(x, y, box.width * place.width, box.height * place.height)
    if (person !== null) context.fillText(nameOf(person), x, y - 2 * unit)
  }
}

/** Covers boxes on a canvas that lies over somebody else's picture: those of frame events' `blur`. */
export const coverBoxes = (canvas: HTMLCanvasElement, boxes: readonly Box[], place: Place): void => {
  const context = canvas.getContext('2d')
  if (context === null) return
  context.fillStyle = '#3e4c59'
  for (const box of boxes) {
    const cover = coverOf(box, place)
    if (cover) context.fillRect(cover.x, cover.y, cover.width, cover.height)
  }
}
