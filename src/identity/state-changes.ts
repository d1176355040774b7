import type { PersonEvent, PersonId, TrackEvent, WallMs } from '../types.ts'
import type { CoOccurrence } from './co-occurrence.ts'
import type { Events } from './events.ts'
import type { People, PersonRecord } from './people.ts'
import type { SavedPerson, SavedState, StateChange } from './state.ts'

export const savedPerson = (person: PersonRecord): SavedPerson => {
  const { id, order, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces, exemplars } = person
  const { unseenSinceMs } = person
  return { id, order, name, archived, createdAtMs, lastSeenAtMs, unseenSinceMs, lastCamera, tracks, faces, exemplars }
}

export interface StateParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly events: Events
}

/** Keeps account of what has changed since it was last written. */
export const createStateChanges = ({ people, coOccurrence, events }: StateParts) => {
  let gone: PersonId[] = []
  let aliases: (readonly [PersonId, PersonId])[] = []
  let retired: PersonId[] = []
  let logged: (PersonEvent | TrackEvent)[] = []
  let clockMs: WallMs | null = null
  const settle = (): void => {
    ;[gone, aliases, retired, logged] = [[], [], [], []]
    people.takeChanged()
    coOccurrence.takeChanged()
  }
  return {
    settle,
    restore(saved: SavedState): void {
      for (const person of saved.people.toSorted((a, b) => a.order - b.order)) people.restore(person)
      for (const [from, into] of saved.aliases) people.alias(from, into)
      for (const [a, b, frames] of saved.apart) coOccurrence.add(a, b, frames)
      for (const id of saved.retired) people.retire(id)
      clockMs = saved.clockMs
    },
    /** The last time by our clock that was believed. */
    clockMs: () => clockMs,
    /** Our clock is believed, and shows this. */
    believe(nowMs: WallMs): void {
      clockMs = nowMs
    },
    log(event: PersonEvent | TrackEvent): void {
      logged.push(event)
      if (event.type !== 'rollcall.person.merged.v1') return
      gone.push(event.data.person)
      aliases.push([event.data.person, event.data.into])
    },
    /** The person, and the aliases that went with it. */
    removed(ids: readonly PersonId[]): void {
      gone.push(...ids)
      retired.push(...ids)
      const over = new Set(ids)
      aliases = aliases.filter(([from]) => !over.has(from))
      logged = logged.filter(({ data }) => !over.has(data.person))
    },
    take(live: unknown): StateChange {
      const change: StateChange = {
        sequence: events.sequence(),
        created: people.created(),
        people: [...people.takeChanged()].sort((a, b) => a.order - b.order).map(savedPerson),
        gone,
        aliases,
        aliasesGone: retired,
        apart: coOccurrence.takeChanged(),
        retired,
        clockMs,
        events: logged,
        live,
      }
      settle()
      return change
    },
  }
}
export type StateChanges = ReturnType<typeof createStateChanges>
