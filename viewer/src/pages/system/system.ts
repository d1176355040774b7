import type { SystemHistory, SystemLog, SystemNow } from '../../../../src/server/system-answers.ts'
import type { ApiError } from '../../shell/api.ts'
import type { CreatePage } from '../../shell/page.ts'
import { createChart } from '../../ui/chart.ts'
import type { ChartPoint } from '../../ui/chart-line.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { ago, whenWords } from '../../ui/when.ts'

/** The server takes a sample as often. */
const askEveryMs = 5000
const shownMs = 15 * 60_000

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
const count = (what: string) => (value: number) => `${Math.round(value * 10) / 10} ${what}`

/** What is drawn, by the name in the history. */
const charts = {
  receivedFps: createChart.bind(null, { title: 'Received', words: count('frames/s'), leastTop: 5 }),
  analysedFps: createChart.bind(null, { title: 'Analysed', words: count('frames/s'), leastTop: 5 }),
  latencyMs: createChart.bind(null, {
    title: 'Latency, 95 % of the slowest camera',
    words: (value: number) => `${Math.round(value)} ms`,
    leastTop: 200,
  }),
  drops: createChart.bind(null, { title: 'Dropped in five seconds', words: count('frames'), leastTop: 10 }),
  memoryBytes: createChart.bind(null, { title: 'Memory of all processes', words: megabytes, leastTop: 2 ** 28 }),
  waitingEvents: createChart.bind(null, { title: 'Waiting for sinks', words: count('events'), leastTop: 10 }),
  spoolBytes: createChart.bind(null, { title: 'Waiting on disk (spool)', words: megabytes, leastTop: 2 ** 20 }),
  clients: createChart.bind(null, { title: 'Viewers and other clients', words: count(''), leastTop: 3 }),
} as const

/** How the site does: charts of the last quarter of an hour, processes, sinks, and the last warnings. */
export const createSystemPage: CreatePage = ({ api, site }) => {
  const names = Object.keys(charts) as (keyof typeof charts)[]
  const drawn = names.map((name) => ({ name, chart: charts[name]() }))
  const facts = element('dl', { class: 'fact-list panel facts' })
  const processes = element('tbody')
  const sinks = element('ul', { class: 'sinks' })
  const warnings = element('ol', { class: 'warnings panel', 'aria-label': 'Warnings, newest first' })
  const status = element('div', { role: 'status' })
  const links = element('p', { class: 'links' })
  const page = element(
    'section',
    { class: 'page system', 'aria-label': 'System' },
    element('div', { class: 'page-head' }, element('h2', {}, 'System'), links),
    status,
    facts,
    element('div', { class: 'charts' }, ...drawn.map(({ chart }) => chart.element)),
    element('h3', {}, 'Processes'),
    element(
      'div',
      { class: 'panel scrolls', tabindex: '0', role: 'region', 'aria-label': 'Processes' },
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['Process', 'Memory', 'Processor time'].map((each) => element('th', { scope: 'col' }, each)),
          ),
        ),
        processes,
      ),
    ),
    element('h3', {}, 'Sinks'),
    sinks,
    element('h3', {}, 'Last warnings'),
    warnings,
  )

  const showNow = (now: SystemNow): void => {
    const rows = [
      ['Version', `${now.version}, Node ${now.node.replace(/^v/, '')}`],
      ['Running since', `${whenWords(now.startedAtMs, now.nowMs)} (${ago(now.startedAtMs, now.nowMs)})`],
      ['Cameras', `${now.cameras.online} of ${now.cameras.all} online`],
      ['People', String(now.people)],
      ['Clients', String(now.clients)],
    ] as const
    facts.replaceChildren(
      ...rows.map(([what, says]) => element('div', {}, element('dt', {}, what), element('dd', {}, says))),
    )
    processes.replaceChildren(
      ...now.processes.map(({ name, pid, memoryBytes, cpuS }) =>
        element(
          'tr',
          { title: `process ${pid}` },
          ...[name, megabytes(memoryBytes), `${Math.round(cpuS)} s`].map((each) => element('td', {}, each)),
        ),
      ),
    )
    const spool =
      now.spool === null ? [] : [`On disk for Kafka: ${now.spool.events} events, ${megabytes(now.spool.bytes)}`]
    sinks.replaceChildren(
      ...now.sinks.map(({ name, waiting, failure }) =>
        element(
          'li',
          failure === null ? {} : { class: 'bad' },
          `${name}: ${failure ?? `takes events, ${waiting} wait`}`,
        ),
      ),
      ...spool.map((each) => element('li', {}, each)),
      ...(now.sinks.length === 0 ? [element('li', {}, 'Events go nowhere but into this viewer.')] : []),
    )
    links.replaceChildren(
      ...(now.grafana === null
        ? []
        : [element('a', { href: now.grafana, rel: 'noreferrer', target: '_blank' }, 'Open Grafana')]),
    )
  }
  const showHistory = ({ stepMs, untilMs, series }: SystemHistory): void => {
    for (const { name, chart } of drawn) {
      const values = series[name]
      const points = values.map((value, i): ChartPoint => ({ atMs: untilMs - (values.length - 1 - i) * stepMs, value }))
      chart.update(points, untilMs - shownMs, untilMs)
    }
  }
  const showLog = ({ entries }: SystemLog): void => {
    const lines = entries.map(({ atMs, level, process, text }) =>
      element(
        'li',
        { class: level },
        element('time', {}, whenWords(atMs, site.nowMs())),
        element('span', {}, `${process === 'main' ? '' : `${process}: `}${text}`),
      ),
    )
    warnings.replaceChildren(...lines)
    warnings.hidden = lines.length === 0
    none.hidden = lines.length > 0
  }
  const none = element('p', { class: 'none' }, 'None in this run.')
  page.append(none)

  let timer: ReturnType<typeof setInterval> | undefined
  let asked = 0
  const load = async (): Promise<void> => {
    const mine = ++asked
    try {
      const [now, history, log] = await Promise.all([
        api.get<SystemNow>('/api/system'),
        api.get<SystemHistory>('/api/system/history'),
        api.get<SystemLog>('/api/system/log'),
      ])
      if (mine !== asked) return
      status.replaceChildren()
      showNow(now)
      showHistory(history)
      showLog(log)
    } catch (error) {
      const { message, remedy } = error as ApiError
      // The banner tells of a lost connection, and what was known stays.
      if (mine === asked && facts.childElementCount === 0) status.replaceChildren(emptyState(`${message}. ${remedy}`))
    }
  }
  return {
    element: page,
    show: () => {
      void load()
      timer ??= setInterval(() => {
        if (!document.hidden) void load()
      }, askEveryMs)
    },
    hide: () => {
      asked += 1
      clearInterval(timer)
      timer = undefined
    },
  }
}
