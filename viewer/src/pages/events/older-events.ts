import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { Api } from '../../shell/api.ts'
import { type Filter, writeFilter } from './filter.ts'

/** The answer of `GET /api/events`. */
interface EventsAnswer {
  readonly events: readonly { readonly seq: number; readonly event: RollcallEvent }[]
  readonly next: { readonly epoch: string; readonly before: number } | null
}

const pageSize = 100

/** The kept events, a page at a time. */
export interface OlderEvents {
  /** There are more. */
  readonly hasMore: () => boolean
  /**
   * The next page, newest first; null when something else was asked for meanwhile. Throws what `Api` throws, but for a
   * question that is out of date.
   */
  read(filter: Filter): Promise<readonly RollcallEvent[] | null>
  /** Begins with the newest again. An answer that is under way does not count any more. */
  restart(): void
}

/** Begins with the newest page. */
export const createOlderEvents = (api: Api): OlderEvents => {
  let next: EventsAnswer['next'] = null
  let asked = 0
  return {
    hasMore: () => next !== null,
    async read(filter) {
      const mine = ++asked
      const query = new URLSearchParams({
        limit: String(pageSize),
        ...(next && { epoch: next.epoch, before: String(next.before) }),
      })
      const path = `/api/events?${[query.toString(), writeFilter(filter)].filter(Boolean).join('&')}`
      try {
        const answer = await api.get<EventsAnswer>(path)
        if (mine !== asked) return null
        next = answer.next
        return answer.events.map(({ event }) => event)
      } catch (error) {
        if (mine !== asked) return null
        throw error
      }
    },
    restart() {
      asked += 1
      next = null
    },
  }
}
