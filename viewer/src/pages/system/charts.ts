import type { SystemHistory } from '../../../../src/server/system-answers.ts'
import { createChart } from '../../ui/chart.ts'
import { axisFrom, type ChartPoint } from '../../ui/chart-line.ts'
import { element } from '../../ui/element.ts'
import { megabytes } from './megabytes.ts'

const count = (one: string, several: string) => (value: number) => {
  const rounded = Math.round(value * 10) / 10
  return `${rounded} ${rounded === 1 ? one : several}`.trim()
}
const perSecond = count('frame/s', 'frames/s')

/** What is drawn, by the name in the history. */
const charts = {
  receivedFps: { title: 'Received', words: perSecond, leastTop: 5 },
  analysedFps: { title: 'Analysed', words: perSecond, leastTop: 5 },
  latencyMs: {
    title: 'Latency of the slowest camera (95 %)',
    words: (value: number) => `${Math.round(value)} ms`,
    leastTop: 200,
  },
  drops: { title: 'Dropped in five seconds', words: count('frame', 'frames'), leastTop: 10 },
  memoryBytes: { title: 'Memory of all processes', words: megabytes, leastTop: 2 ** 28 },
  waitingEvents: { title: 'Waiting for sinks', words: count('event', 'events'), leastTop: 10 },
  spoolBytes: { title: 'Waiting on disk (spool)', words: megabytes, leastTop: 2 ** 20 },
  clients: { title: 'Viewers and other clients', words: count('', ''), leastTop: 3 },
} as const

/** The charts of the page. */
export const createCharts = (): { readonly element: HTMLElement; update(history: SystemHistory): void } => {
  const names = Object.keys(charts) as (keyof typeof charts)[]
  const drawn = names.map((name) => ({ name, chart: createChart(charts[name]) }))
  return {
    element: element('div', { class: 'charts' }, ...drawn.map(({ chart }) => chart.element)),
    update({ stepMs, untilMs, series }) {
      for (const { name, chart } of drawn) {
        const values = series[name]
        const firstMs = untilMs - (values.length - 1) * stepMs
        const points = values.map((value, i): ChartPoint => ({ atMs: firstMs + i * stepMs, value }))
        chart.update(points, axisFrom(firstMs, untilMs), untilMs)
      }
    },
  }
}
