import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { PageContext } from '../../shell/page.ts'

/** Returns what reads the events from before the page was opened, oldest first: once, as soon as there is a connection. */
export const createPastEvents = ({ api, site }: PageContext, add: (event: RollcallEvent) => void) => {
  let isRead = false
  return async (): Promise<void> => {
    if (isRead || !site.isConnected()) return
    isRead = true
    const answer = await api.get<{ events: { event: RollcallEvent }[] }>('/api/events?limit=200').catch(() => null)
    for (const { event } of answer?.events.toReversed() ?? []) add(event)
  }
}
