import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { LoggedEvent } from '../identity/state/state.ts'
import type { EventsPage, EventsQuery, FindEvents } from '../server/events-route.ts'
import { fitsSearch } from '../sinks/websocket/find-events.ts'
import { aboutOf } from '../sinks/websocket/replay-buffer.ts'
import type { WebSocketSink } from '../sinks/websocket/websocket-sink.ts'
import type { PersonId } from '../types.ts'

/** Where events are looked for. */
export interface FindEventsParts {
  /** Those that are in memory. */
  readonly recent: Pick<WebSocketSink, 'find' | 'epoch' | 'oldestSequence'>
  /** Those of the state before a `sequence`, newest first, at most so many; null where there is none. */
  readonly before: ((sequence: number, most: number) => readonly LoggedEvent[]) | null
  readonly resolve: (id: PersonId) => PersonId
}

/** The epoch of events in the state. Their numbers are `sequence`, which goes on over restarts. */
const kept = 'kept'
/** To read so many takes some milliseconds. */
const mostLooks = 2000

/** The state keeps none of other types for long. */
const isKept = (type: string | undefined): boolean =>
  type === undefined || /^(people|sightings|rollcall\.(person|track|calibration)\..*)$/.test(type)

/** Looks through memory, then through the state from where memory begins: a page is of one of them. */
export const createFindEvents = ({ recent, before, resolve }: FindEventsParts): FindEvents => {
  const keptPage = (query: EventsQuery): EventsPage => {
    const fits = fitsSearch(query, resolve)
    const events: { seq: number; event: RollcallEvent }[] = []
    let seq = query.before ?? Number.MAX_SAFE_INTEGER
    const looked = before?.(seq, mostLooks) ?? []
    for (const event of looked) {
      if (events.length === query.limit) break
      seq = event.data.sequence
      if (fits(aboutOf(event))) events.push({ seq, event })
    }
    const hasMore = before !== null && before(seq, 1).length > 0
    return { epoch: kept, events, next: hasMore ? { epoch: kept, before: seq } : null }
  }
  /** Where the state goes on behind what is in memory. */
  const keptFrom = (type: string | undefined): EventsPage['next'] => {
    if (before === null || !isKept(type)) return null
    const sequence = recent.oldestSequence() ?? Number.MAX_SAFE_INTEGER
    return before(sequence, 1).length > 0 ? { epoch: kept, before: sequence } : null
  }
  return ({ epoch = recent.epoch, ...query }) => {
    if (epoch === kept) return keptPage(query)
    if (epoch !== recent.epoch)
      throw new RollcallError('USAGE', `epoch: expected ${recent.epoch} or ${kept}, got one of another run`, {
        remedy: 'Rollcall was restarted, and numbers of an earlier run mean nothing: begin without epoch and before.',
      })
    const { events, next } = recent.find(query)
    return { epoch, events, next: next === null ? keptFrom(query.type) : { epoch, before: next } }
  }
}
