import type { SinkState, SystemNow, SystemProcess } from '../../../../src/server/system-answers.ts'
import { countOf } from '../../ui/count.ts'
import { element } from '../../ui/element.ts'
import { ago, whenWords } from '../../ui/when.ts'
import { megabytes } from './megabytes.ts'

const factsOf = (now: SystemNow): HTMLElement[] => {
  const rows = [
    ['Version', `${now.version}, Node ${now.node.replace(/^v/, '')}`],
    ['Running since', `${whenWords(now.startedAtMs, now.nowMs)} (${ago(now.startedAtMs, now.nowMs)})`],
    ['Cameras', `${now.cameras.online} of ${now.cameras.all} online`],
    ['People', String(now.people)],
    ['Clients', String(now.clients)],
  ] as const
  return rows.map(([what, says]) => element('div', {}, element('dt', {}, what), element('dd', {}, says)))
}

const processRow = ({ name, pid, memoryBytes, cpuS }: SystemProcess): HTMLElement => {
  const cells = [name, megabytes(memoryBytes), `${Math.round(cpuS)} s`]
  return element('tr', { title: `process ${pid}` }, ...cells.map((each) => element('td', {}, each)))
}

const sinkRow = ({ name, waiting, failure }: SinkState): HTMLElement =>
  element(
    'li',
    failure === null ? {} : { class: 'bad' },
    element('strong', {}, name),
    element('span', {}, failure ?? (waiting === 0 ? 'takes events, none wait' : `takes events, ${waiting} wait`)),
  )

const sinkRows = ({ sinks, spool }: SystemNow): HTMLElement[] => {
  if (sinks.length === 0) return [element('li', {}, 'Events go nowhere but into this viewer.')]
  const waiting = spool === null ? [] : [`${countOf(spool.events, 'event')}, ${megabytes(spool.bytes)}`]
  const onDisk = waiting.map((words) =>
    element('li', {}, element('strong', {}, 'on disk for Kafka'), element('span', {}, words)),
  )
  return [...sinks.map(sinkRow), ...onDisk]
}

const processTable = (rows: HTMLElement): HTMLElement => {
  const titles = ['Process', 'Memory', 'Processor time'].map((each) => element('th', { scope: 'col' }, each))
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...titles)), rows)
  return element('div', { class: 'panel scrolls', tabindex: '0', role: 'region', 'aria-label': 'Processes' }, table)
}

/** What the site is and does now: facts, processes, sinks, and a link to Grafana where there is one. */
export const createNow = () => {
  const facts = element('dl', { class: 'fact-list panel facts' })
  const processes = element('tbody')
  const sinks = element('ul', { class: 'sinks panel' })
  const links = element('p', { class: 'links' })
  return {
    facts,
    links,
    processes: processTable(processes),
    sinks,
    update(now: SystemNow): void {
      facts.replaceChildren(...factsOf(now))
      processes.replaceChildren(...now.processes.map(processRow))
      sinks.replaceChildren(...sinkRows(now))
      const { grafana } = now
      const attributes = { class: 'button', rel: 'noreferrer', target: '_blank' }
      links.replaceChildren(
        ...(grafana === null ? [] : [element('a', { href: grafana, ...attributes }, 'Open Grafana')]),
      )
    },
  }
}
