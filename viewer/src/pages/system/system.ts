import type { SystemHistory, SystemLog, SystemNow } from '../../../../src/server/system-answers.ts'
import type { WebhookState } from '../../../../src/server/webhooks-answers.ts'
import { errorWords } from '../../shell/api.ts'
import type { CreatePage, PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { whenWords } from '../../ui/when.ts'
import { createCharts } from './charts.ts'
import { createNow } from './now.ts'
import { createWebhooks } from './webhooks.ts'

/** The server takes a sample as often. */
const askEveryMs = 5000

/** The last warnings of the log, or one line that says that there are none. */
const createWarnings = ({ site }: PageContext) => {
  const list = element('ol', { class: 'warnings panel', 'aria-label': 'Warnings, newest first' })
  const none = element('p', { class: 'none' }, 'None in this run.')
  return {
    elements: [list, none],
    update({ entries }: SystemLog): void {
      const lines = entries.map(({ atMs, level, process, text }) =>
        element(
          'li',
          { class: level },
          element('time', {}, whenWords(atMs, site.nowMs())),
          element('span', {}, `${process === 'main' ? '' : `${process}: `}${text}`),
        ),
      )
      list.replaceChildren(...lines)
      list.hidden = lines.length === 0
      none.hidden = lines.length > 0
    },
  }
}

/** How the site does: charts of the last quarter of an hour, processes, sinks, webhooks, and the last warnings. */
export const createSystemPage: CreatePage = (context) => {
  const { api } = context
  const now = createNow()
  const charts = createCharts()
  const webhooks = createWebhooks(context)
  const warnings = createWarnings(context)
  const status = element('div', { role: 'status' })
  const lists = element(
    'div',
    {},
    element('h3', {}, 'Processes'),
    now.processes,
    element('h3', {}, 'Sinks'),
    now.sinks,
    webhooks.element,
    element('h3', {}, 'Last warnings'),
    ...warnings.elements,
  )
  const head = element('div', { class: 'page-head' }, element('h2', {}, 'System'), now.links)
  const known = element('div', {}, now.facts, charts.element, lists)
  const page = element('section', { class: 'page system', 'aria-label': 'System' }, head, status, known)
  known.hidden = true

  let timer: ReturnType<typeof setInterval> | undefined
  let asked = 0
  const load = async (): Promise<void> => {
    const mine = ++asked
    try {
      const [present, history, log, posted] = await Promise.all([
        api.get<SystemNow>('/api/system'),
        api.get<SystemHistory>('/api/system/history'),
        api.get<SystemLog>('/api/system/log'),
        api.get<{ readonly webhooks: readonly WebhookState[] }>('/api/webhooks'),
      ])
      if (mine !== asked) return
      status.replaceChildren()
      known.hidden = false
      now.update(present)
      charts.update(history)
      warnings.update(log)
      webhooks.update(posted.webhooks)
    } catch (error) {
      // The banner tells of a lost connection, and what was known stays.
      if (mine === asked && known.hidden) status.replaceChildren(emptyState(errorWords(error)))
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
