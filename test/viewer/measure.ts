import type { Page } from 'playwright-core'

interface Edges {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What a canvas really shows, in its own pixels. */
export interface Measured {
  readonly seq: number
  readonly canvas: { readonly width: number; readonly height: number }
  /** Extent of the picture's white rectangle, inside the box that is drawn around it. */
  readonly light: Edges | null
  /** Middle of the drawn box's four strokes. */
  readonly stroke: Edges | null
  /** Interruptions of the box's left stroke. */
  readonly gaps: number
}

/**
 * Runs in the page, in one turn of its event loop, so that the canvas cannot change meanwhile. It is text because the
 * project's own types know no DOM. Scans one row and one column through the white rectangle, away from the label.
 */
const script = `(camera, person) => {
  const tile = document.querySelector('[data-camera=' + camera + ']')
  const canvas = tile.querySelector('canvas')
  const { width, height } = canvas
  const copy = new OffscreenCanvas(width, height).getContext('2d')
  copy.drawImage(canvas, 0, 0, width, height)
  const { data } = copy.getImageData(0, 0, width, height)
  const listed = document.querySelector('[data-person="' + person + '"] button')
  const swatch = new OffscreenCanvas(1, 1).getContext('2d')
  swatch.fillStyle = listed ? getComputedStyle(listed).getPropertyValue('--person') : '#c3ccd4'
  swatch.fillRect(0, 0, 1, 1)
  const colour = [...swatch.getImageData(0, 0, 1, 1).data.subarray(0, 3)]
  const at = (x, y) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)]
  const isLight = (x, y) => Math.min(...at(x, y)) > 235
  const isStroke = (x, y) => Math.hypot(...at(x, y).map((value, i) => value - colour[i])) < 30
  let lights = []
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (isLight(x, y)) lights.push([x, y])
  if (lights.length < 100) return { seq: Number(tile.dataset.seq), canvas: { width, height }, light: null, stroke: null, gaps: 0 }
  let [left, right, top, bottom] = [width, 0, height, 0]
  for (const [x, y] of lights) {
    left = Math.min(left, x); right = Math.max(right, x + 1); top = Math.min(top, y); bottom = Math.max(bottom, y + 1)
  }
  const light = { left, right, top, bottom }
  const middle = (values) => values.length === 0 ? NaN : (Math.min(...values) + Math.max(...values) + 1) / 2
  const near = (edge, hit) => middle([...Array(17).keys()].map((i) => edge - 8 + i).filter(hit))
  const rows = [...Array(bottom - top - 16).keys()].map((i) => top + 8 + i)
  const row = rows.find((y) => [-3, -2, -1, 0, 1].some((d) => isStroke(left + d, y))) ?? top + 8
  const columns = [...Array(Math.floor((right - left) / 4)).keys()].map((i) => right - 8 - i)
  const column = columns.find((x) => [-3, -2, -1, 0, 1].some((d) => isStroke(x, top + d))) ?? right - 8
  const stroke = {
    left: near(left, (x) => isStroke(x, row)), right: near(right, (x) => isStroke(x, row)),
    top: near(top, (y) => isStroke(column, y)), bottom: near(bottom, (y) => isStroke(column, y)),
  }
  const edge = Math.floor(stroke.left)
  const on = rows.map((y) => isStroke(edge, y) || isStroke(edge - 1, y))
  const gaps = on.filter((value, i) => i > 0 && !value && on[i - 1]).length
  return { seq: Number(tile.dataset.seq), canvas: { width, height }, light, stroke, gaps }
}`

export const measure = (page: Page, camera: string, person: string | null): Promise<Measured> =>
  page.evaluate(`(${script})(${JSON.stringify(camera)}, ${JSON.stringify(person)})`)
