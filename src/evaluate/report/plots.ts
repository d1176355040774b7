import type { Histogram, RocPoint } from '../curves.ts'
import type { Judged } from '../identity-scores.ts'
import type { Bin } from '../predicted/calibration.ts'
import { escaped } from './page.ts'

const width = 860
const height = 340
const left = 52
const right = 16
const top = 12
const bottom = 42
const innerWidth = width - left - right
const innerHeight = height - top - bottom

/** One decimal: a tenth of a pixel. */
const px = (value: number): string => value.toFixed(1)

const svg = (label: string, body: string, tall = height): string =>
  `<svg viewBox="0 0 ${width} ${tall}" role="img" aria-label="${escaped(label)}">${body}</svg>`

const text = (x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'middle'): string =>
  `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(words)}</text>`

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line class="axis" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>`

const grid = (
  xs: readonly { readonly at: number; readonly words: string }[],
  ys: readonly { readonly at: number; readonly words: string }[],
  below: string,
): string =>
  [
    ...xs.map(({ at, words }) => {
      const x = left + at * innerWidth
      return line(x, top, x, top + innerHeight) + text(x, top + innerHeight + 16, words)
    }),
    ...ys.map(({ at, words }) => {
      const y = top + (1 - at) * innerHeight
      return line(left, y, left + innerWidth, y) + text(left - 6, y + 4, words, 'end')
    }),
    text(left + innerWidth / 2, height - 6, below),
  ].join('')

const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, words: at.toFixed(1) }))

/** VAL over FAR as SVG. FAR is logarithmic, from the smallest that can be shown to 1. */
export const rocPlot = (points: readonly RocPoint[], finestFar: number): string => {
  const decades = Math.max(1, Math.ceil(-Math.log10(Math.min(0.1, finestFar))))
  const x = (far: number): number => left + (1 + Math.log10(Math.max(far, 10 ** -decades)) / decades) * innerWidth
  const y = (val: number): number => top + (1 - val) * innerHeight
  const xs = Array.from({ length: decades + 1 }, (_, i) => ({
    at: i / decades,
    words: i === decades ? '1' : `1e-${decades - i}`,
  }))
  // A step: between two corners the rate is that of the lower one.
  const path = points.map(({ far, val }, i) => {
    const before = points[i - 1]
    return before ? `H${px(x(far))}V${px(y(val))}` : `M${px(x(far))},${px(y(val))}`
  })
  const curve = `<path class="own" fill="none" stroke-width="2.5" d="${path.join('')}"/>`
  return svg('ROC curve', grid(xs, fifths, 'false accept rate (FAR); vertical: validation rate (VAL)') + curve)
}

/** The rate of missed pairs over FAR as SVG (detection error trade-off), both logarithmic, from the smallest that can be shown to 1. */
export const detPlot = (points: readonly RocPoint[], finestFar: number): string => {
  const decades = Math.max(1, Math.ceil(-Math.log10(Math.min(0.1, finestFar))))
  const part = (rate: number): number => 1 + Math.log10(Math.max(rate, 10 ** -decades)) / decades
  const x = (far: number): number => left + part(far) * innerWidth
  const y = (missed: number): number => top + (1 - part(missed)) * innerHeight
  const marks = Array.from({ length: decades + 1 }, (_, i) => ({
    at: i / decades,
    words: i === decades ? '1' : `1e-${decades - i}`,
  }))
  const path = points.map(({ far, val }, i) =>
    i === 0 ? `M${px(x(far))},${px(y(1 - val))}` : `H${px(x(far))}V${px(y(1 - val))}`,
  )
  const curve = `<path class="own" fill="none" stroke-width="2.5" d="${path.join('')}"/>`
  return svg('DET curve', grid(marks, marks, 'false accept rate (FAR); vertical: missed pairs of one person') + curve)
}

/** Both distributions of cosines as SVG, each scaled to its own highest bin. */
export const histogramPlot = ({ from, width: bin, same, different }: Histogram, threshold: number): string => {
  const lowest = -0.5
  const x = (cosine: number): number => left + ((cosine - lowest) / (1 - lowest)) * innerWidth
  const bars = (counts: readonly number[], kind: 'own' | 'other'): string => {
    const most = Math.max(1, ...counts)
    return counts
      .map((count, i) => {
        const [start, share] = [from + i * bin, count / most]
        if (count === 0 || start + bin <= lowest) return ''
        const y = top + (1 - share) * innerHeight
        const size = `width="${px(x(start + bin) - x(start))}" height="${px(share * innerHeight)}"`
        return `<rect class="${kind}-fill" x="${px(x(Math.max(start, lowest)))}" y="${px(y)}" ${size}/>`
      })
      .join('')
  }
  const xs = [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].map((c) => ({ at: (c - lowest) / (1 - lowest), words: `${c}` }))
  const mark =
    `<line x1="${px(x(threshold))}" x2="${px(x(threshold))}" y1="${top}" y2="${top + innerHeight}" ` +
    `stroke="currentColor" stroke-dasharray="4 4"/>`
  const words = 'cosine; blue: same person, orange: different people, dashed: best threshold'
  return svg('Score histogram', grid(xs, [], words) + bars(different, 'other') + bars(same, 'own') + mark)
}

/** What was said (to the right) and what is true (up), both 0 to 1, as SVG: a dot for each bin, larger for more looks. Dashed: the two are equal. */
export const calibrationPlot = (bins: readonly Bin[], words: string): string => {
  const most = Math.max(1, ...bins.map(({ looks }) => looks))
  const x = (value: number): number => left + Math.min(1, Math.max(0, value)) * innerWidth
  const y = (value: number): number => top + (1 - Math.min(1, Math.max(0, value))) * innerHeight
  const equal = `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="currentColor" stroke-dasharray="4 4"/>`
  const path = bins.map(({ said, actual }, i) => `${i === 0 ? 'M' : 'L'}${px(x(said))},${px(y(actual))}`)
  const dots = bins.map(
    ({ said, actual, looks }) =>
      `<circle class="own-fill" cx="${px(x(said))}" cy="${px(y(actual))}" r="${px(3 + 9 * Math.sqrt(looks / most))}"><title>${looks}</title></circle>`,
  )
  const curve = `<path class="own" fill="none" stroke-width="2" d="${path.join('')}"/>`
  return svg('Calibration', grid(fifths, fifths, words) + equal + curve + dots.join(''))
}

/** Hues in steps of the golden angle, so that IDs can be told apart. */
const colour = (index: number): string => `hsl(${Math.round((index * 137.508) % 360)} 65% 55%)`

/** The most rows. People with the most IDs come first, because they are the errors. */
const mostRows = 40

/** A row for each person, time to the right, a colour for each ID. A row of one colour is perfect. */
export const timelinePlot = (faces: readonly Judged[]): string => {
  const of = [...Map.groupBy(faces, ({ truth }) => truth)].map(([truth, seen]) => ({
    truth,
    seen,
    ids: [...new Set(seen.flatMap(({ id }) => id ?? []))],
  }))
  const rows = of.sort((a, b) => b.ids.length - a.ids.length || b.seen.length - a.seen.length).slice(0, mostRows)
  const numbers = new Map([...new Set(faces.flatMap(({ id }) => id ?? []))].map((id, i) => [id, i]))
  const [start, end] = [faces[0]?.atMs ?? 0, faces.at(-1)?.atMs ?? 0]
  const x = (atMs: number): number => 120 + ((atMs - start) / Math.max(1, end - start)) * (width - 200)
  const step = 16
  const body = rows.map(({ truth, seen, ids }, row) => {
    const y = 6 + row * step
    const spans: { id: string | null; from: number; to: number }[] = []
    for (const { id, atMs } of seen) {
      const last = spans.at(-1)
      const at = x(atMs)
      if (last && last.id === id && at - last.to < 3) last.to = at
      else spans.push({ id, from: at, to: at })
    }
    const marks = spans.map(({ id, from, to }) => {
      const fill = id === null ? 'var(--line)' : colour(numbers.get(id) ?? 0)
      const box = `x="${px(from)}" y="${y}" width="${px(Math.max(2, to - from))}" height="${step - 5}"`
      return `<rect ${box} fill="${fill}"><title>${escaped(id ?? 'no ID')}</title></rect>`
    })
    const name = text(112, y + 9, truth.length > 16 ? `${truth.slice(0, 15)}…` : truth, 'end')
    return `${name}${marks.join('')}${text(width - 8, y + 9, `${ids.length} ID${ids.length === 1 ? '' : 's'}`, 'end')}`
  })
  return svg('Timeline of IDs', body.join(''), 12 + rows.length * step)
}
