import type { PersonId, WallMs } from '../../types.ts'
import type { Events } from '../events/events.ts'
import type { Objectors } from '../objectors/objectors.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Sightings } from '../sightings/sightings.ts'
import type { JournalEntry } from './journal.ts'
import type { LiveChange } from './live-rows.ts'
import type { SettledTracks } from './settled-tracks.ts'
import type { LoggedEvent, SavedPerson, SavedState, StateChange } from './state.ts'
import type { UnassignedTracks } from './unassigned-tracks.ts'

/** A person as plain values, without what follows from its tracklets. Biometric data. */
const savedPerson = (person: PersonRecord): SavedPerson => {
  const { contributions: _, known: __, ...saved } = person
  return saved
}

/** A state keeps aliases in no order, and origins in that of the merges. Whose merge can no longer be taken back is older. */
const inOrderOfMerges = ({ aliases, people }: SavedState): SavedState['aliases'] => {
  const places = new Map(people.flatMap(({ origins }) => origins.map(({ id }, place) => [id, place] as const)))
  const placeOf = (id: PersonId): number => places.get(id) ?? -1
  return aliases.toSorted(([a], [b]) => placeOf(a) - placeOf(b))
}

const restorePeople = (saved: SavedState, people: People, coOccurrence: CoOccurrence): void => {
  for (const person of saved.people.toSorted((a, b) => a.order - b.order)) people.restore(person)
  for (const [from, into] of inOrderOfMerges(saved)) people.alias(from, into)
  for (const [a, b, frames] of saved.apart) coOccurrence.add(a, b, frames)
  for (const id of saved.retired) people.retire(id)
}

/** Of a deleted person only the deletion is logged. */
const withoutRetired = (logged: readonly LoggedEvent[], retired: readonly PersonId[]): LoggedEvent[] => {
  const isRetired = new Set(retired)
  return logged.filter(({ type, subject }) => type === 'rollcall.person.deleted.v1' || !isRetired.has(subject))
}

/** Where changes come from. */
export interface StateParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly events: Events
  readonly sightings: Pick<Sightings, 'takeChanged'>
  readonly settled: Pick<SettledTracks, 'takeChanged'>
  readonly unassigned: Pick<UnassignedTracks, 'takeChanged'>
  readonly objectors: Pick<Objectors, 'takeChanged'>
}

/** What has happened since the last write. */
const nothingNoted = () => ({
  /** People who were merged or deleted and have not come back since. */
  gone: new Set<PersonId>(),
  /** Changed aliases; null when the ID is no alias any more. */
  aliases: new Map<PersonId, PersonId | null>(),
  retired: [] as PersonId[],
  logged: [] as LoggedEvent[],
  journal: [] as JournalEntry[],
  /** Of rules. */
  rows: { put: [], gone: [] } as LiveChange,
  sightingsFromMs: null as WallMs | null,
  unassignedFromMs: null as WallMs | null,
})

/** Notes an event for the log, and what it says of aliases. */
const noteEvent = (noted: ReturnType<typeof nothingNoted>, event: LoggedEvent): void => {
  noted.logged.push(event)
  if (event.type === 'rollcall.person.merged.v1') {
    noted.gone.add(event.data.person)
    noted.aliases.set(event.data.person, event.data.into)
  } else if (event.type === 'rollcall.person.unmerged.v1') {
    noted.gone.delete(event.data.person)
    noted.aliases.set(event.data.person, null)
  }
}

/** Keeps account of what has changed since it was last written. */
export const createStateChanges = (parts: StateParts) => {
  const { people, coOccurrence, events, sightings, settled, unassigned, objectors } = parts
  let noted = nothingNoted()
  let clockMs: WallMs | null = null
  const settle = (): void => {
    noted = nothingNoted()
    people.takeChanged()
    coOccurrence.takeChanged()
  }
  return {
    settle,
    restore(saved: SavedState): void {
      restorePeople(saved, people, coOccurrence)
      clockMs = saved.clockMs
    },
    /** The last wall time that was believed. */
    clockMs: () => clockMs,
    /** Records a wall time that is believed. */
    believe(nowMs: WallMs): void {
      clockMs = nowMs
    },
    log(event: LoggedEvent): void {
      noteEvent(noted, event)
    },
    /** Records what somebody did. */
    record(entry: JournalEntry): void {
      noted.journal.push(entry)
    },
    /** Records what rules and the seam know: all that has changed since the last `take`, in one call. */
    keep(rows: LiveChange): void {
      noted.rows = rows
    },
    /** Records the IDs of a deleted person: its own and its aliases. */
    removed(ids: readonly PersonId[]): void {
      for (const id of ids) {
        noted.gone.add(id)
        noted.retired.push(id)
        noted.aliases.set(id, null)
      }
    },
    /** Sightings and settled tracks that were known of before this moment are not kept any more. */
    keepSightingsFrom(atMs: WallMs): void {
      noted.sightingsFromMs = atMs
    },
    /** Unassigned tracks that were known of before this moment are not kept any more. */
    keepUnassignedFrom(atMs: WallMs): void {
      noted.unassignedFromMs = atMs
    },
    take(live: LiveChange): StateChange {
      const { aliases, retired, logged, rows } = noted
      const change: StateChange = {
        sequence: events.sequence(),
        created: people.created(),
        people: [...people.takeChanged()].sort((a, b) => a.order - b.order).map(savedPerson),
        gone: [...noted.gone],
        aliases: [...aliases].flatMap(([from, into]) => (into === null ? [] : [[from, into] as const])),
        aliasesGone: [...aliases].flatMap(([from, into]) => (into === null ? from : [])),
        apart: coOccurrence.takeChanged(),
        retired,
        clockMs,
        ...sightings.takeChanged(),
        ...settled.takeChanged(),
        ...unassigned.takeChanged(),
        ...objectors.takeChanged(),
        sightingsFromMs: noted.sightingsFromMs,
        unassignedFromMs: noted.unassignedFromMs,
        journal: noted.journal,
        events: withoutRetired(logged, retired),
        live: { put: [...live.put, ...rows.put], gone: [...live.gone, ...rows.gone] },
      }
      settle()
      return change
    },
  }
}
/** Collects changes for the next commit. */
export type StateChanges = ReturnType<typeof createStateChanges>
