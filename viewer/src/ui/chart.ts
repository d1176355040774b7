import { type ChartPoint, height, piecesOf, width } from './chart-line.ts'
import { element } from './element.ts'

/** A small chart of one value over time. */
export interface Chart {
  readonly element: HTMLElement
  /** Shows these points, in the order of time. `from` and `until` are the ends of the time axis, Unix milliseconds. */
  update(points: readonly ChartPoint[], from: number, until: number): void
}

/** What a chart is of. */
export interface ChartOptions {
  readonly title: string
  /** A value in words, with its unit: `24 frames/s`. */
  readonly words: (value: number) => string
  /** The top of the chart is never lower than this; it defaults to 1. */
  readonly leastTop?: number
}

const svg = 'http://www.w3.org/2000/svg'

const shape = (name: 'svg' | 'path', attributes: Readonly<Record<string, string>>): SVGElement => {
  const created = document.createElementNS(svg, name)
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value)
  return created
}

/** An empty chart: the newest value in words, and a line with the area below it. Screen readers get the range in words. */
export const createChart = ({ title, words, leastTop = 1 }: ChartOptions): Chart => {
  const area = shape('path', { class: 'area' })
  const line = shape('path', { class: 'line' })
  const drawing = shape('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' })
  drawing.append(area, line)
  const now = element('strong', {}, '–')
  const range = element('span', { class: 'range' })
  const head = element('figcaption', {}, element('span', { class: 'title' }, title), now)
  return {
    element: element('figure', { class: 'chart panel' }, head, drawing, range),
    update: (points, from, until) => {
      const values = points.flatMap(({ value }) => value ?? [])
      const newest = points.at(-1)?.value ?? null
      now.textContent = newest === null ? '–' : words(newest)
      const most = Math.max(...values, 0)
      const least = words(Math.min(...values))
      if (values.length === 0) range.textContent = 'not known yet'
      else range.textContent = least === words(most) ? `always ${least}` : `${least} to ${words(most)}`
      drawing.setAttribute('aria-label', `${title}: now ${now.textContent}; ${range.textContent}`)
      const pieces = piecesOf(points, from, until, Math.max(leastTop, most))
      const open = pieces.map((piece) => `M${piece.map((at) => at.join(' ')).join('L')}`)
      line.setAttribute('d', open.join(''))
      const closed = pieces.map((piece, i) => `${open[i]}L${piece.at(-1)?.[0]} ${height}L${piece[0]?.[0]} ${height}Z`)
      area.setAttribute('d', closed.join(''))
    },
  }
}
