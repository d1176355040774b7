import type { TestedWebhook, WebhookState } from '../../../../src/server/webhooks-answers.ts'
import { errorWords } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { ago } from '../../ui/when.ts'

const outcomes = {
  taken: 'took an event',
  failed: 'did not take an event',
  dead: 'an event was given up',
  withdrawn: 'an event was withdrawn',
} as const

const stateWords = ({ absence, deliveries: [last] }: WebhookState, nowMs: number): string => {
  if (absence !== null) return absence
  if (last === undefined) return 'nothing posted in this run'
  const why = last.reason === '' ? '' : `: ${last.reason}`
  return `${outcomes[last.outcome]} ${ago(last.atMs, nowMs)}${why}`
}

/** The webhooks, each with a button that posts a test event and says in a toast what came of it. It needs the scope `operate`. */
export const createWebhooks = ({ api, may, say, site }: PageContext) => {
  const list = element('ul', { class: 'sinks panel' })
  const all = element('div', {}, element('h3', {}, 'Webhooks'), list)
  all.hidden = true
  const post = async (name: string): Promise<void> => {
    try {
      const path = `/api/webhooks/${encodeURIComponent(name)}/test`
      const { isTaken, reason, tookMs } = await api.post<TestedWebhook>(path)
      if (isTaken) say(`${name} took the test event in ${tookMs} ms`)
      else say(`${name} did not take the test event: ${reason}`, { bad: true })
    } catch (error) {
      say(errorWords(error), { bad: true })
    }
  }
  const createRow = (name: string) => {
    const [state, origin] = [element('span'), element('span')]
    const test = button('Test', () => {
      test.disabled = true
      void post(name).finally(() => {
        test.disabled = false
      })
    })
    test.setAttribute('aria-label', `Test ${name}`)
    if (!may('operate')) {
      test.disabled = true
      test.title = 'Your token lacks the scope operate.'
    }
    const says = element('div', {}, origin, element('br'), state)
    const row = element('li', { class: 'webhook' }, element('strong', {}, name), says, test)
    return {
      row,
      update(webhook: WebhookState): void {
        origin.textContent = webhook.origin
        state.textContent = stateWords(webhook, site.nowMs())
        row.classList.toggle('bad', webhook.absence !== null)
      },
    }
  }
  // Kept from one answer to the next, so that a button that has the focus keeps it.
  const rows = new Map<string, ReturnType<typeof createRow>>()
  return {
    element: all,
    update(webhooks: readonly WebhookState[]): void {
      all.hidden = webhooks.length === 0
      for (const webhook of webhooks) {
        const known = rows.get(webhook.name)
        const row = known ?? createRow(webhook.name)
        if (!known) {
          rows.set(webhook.name, row)
          list.append(row.row)
        }
        row.update(webhook)
      }
    },
  }
}
