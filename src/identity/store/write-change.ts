import { serialize } from 'node:v8'
import { RollcallError } from '../../errors.ts'
import { eventJson } from '../../events/json.ts'
import type { PersonId } from '../../types.ts'
import type { Origins } from '../people/origins.ts'
import type { LiveChange } from '../state/live-rows.ts'
import type { Exemplar, LoggedEvent, SavedPerson, StateChange } from '../state/state.ts'
import type { StoreBounds } from './bounds.ts'
import { createOriginWriter } from './origins.ts'
import type { Statements } from './statements.ts'
import { bytesOf } from './vectors.ts'

/** The other person an event is about. */
const otherOf = ({ data }: LoggedEvent): PersonId | null =>
  'into' in data
    ? data.into
    : 'off' in data
      ? data.off
      : 'from' in data
        ? data.from
        : 'other' in data
          ? data.other
          : 'before' in data && ('track' in data || 'sighting' in data)
            ? data.before
            : null

const ordered = (a: PersonId, b: PersonId): [PersonId, PersonId] => (a < b ? [a, b] : [b, a])

/** Whether an event is only kept until every sink has it. */
const isKeptShortly = ({ type }: LoggedEvent): boolean => /^rollcall\.(sighting|rule|track\.provisional)\./.test(type)

/** What changes are written with. */
export interface ChangeWriterParts {
  readonly run: Statements
  /** The state's file, for errors. */
  readonly file: string
  /** The numbers of an embedding. */
  readonly dimensions: number
  readonly bounds: StoreBounds
  /** What the people on disk are made of. */
  readonly origins: Map<number, Origins>
  /** Tables with a file of their own. */
  readonly tables: readonly { readonly apply: (change: StateChange) => void }[]
}

/** Writes what has changed, within a transaction of its caller. */
export interface ChangeWriter {
  /** Every sink has the events up to `published`. Throws STATE when an embedding has another length. */
  write(change: StateChange, published: number): void
  /** The last change is not on disk: nothing that was written counts. */
  forget(): void
}

/** Remembers what it has written, so that the same is not written again. */
export const createChangeWriter = (parts: ChangeWriterParts): ChangeWriter => {
  const { run, file, dimensions, bounds, origins, tables } = parts
  const putOrigins = createOriginWriter(run, origins)
  const written = { exemplars: new Map<PersonId, readonly Exemplar[]>(), live: new Map<string, string>() }
  const events = createEventWriter(run, bounds.events)

  const putPerson = (person: SavedPerson): void => {
    run.putPerson(person)
    // Somebody who is seen changes with each frame, but seldom what it is known by.
    if (!isWritten(written.exemplars, person.id, person.exemplars)) putExemplars(person)
    putOrigins(person)
  }
  const putExemplars = (person: SavedPerson): void => {
    run.dropExemplars(person.order)
    for (const [number, exemplar] of person.exemplars.entries()) {
      if (exemplar.sum.length !== dimensions)
        throw new RollcallError(
          'STATE',
          `person ${person.id}: an embedding has ${exemplar.sum.length} numbers, those in ${file} have ${dimensions}`,
          { remedy: 'Give each embedder a state directory of its own.' },
        )
      run.putExemplar(person.order, number, exemplar.weight, bytesOf(exemplar.sum))
    }
  }
  const putLive = ({ put, gone }: LiveChange): void => {
    for (const { kind, key, value } of put) {
      const bytes = serialize(value)
      if (isWritten(written.live, `${kind} ${key}`, bytes.toString('latin1'))) continue
      run.putLive(kind, key, bytes)
    }
    for (const { kind, key } of gone) {
      written.live.delete(`${kind} ${key}`)
      run.dropLive(kind, key)
    }
  }
  const forget = (id: PersonId, change: StateChange): void => {
    run.retire(id)
    run.dropVisits(id)
    const isDeletion = ({ type, subject }: LoggedEvent): boolean =>
      type === 'rollcall.person.deleted.v1' && subject === id
    run.dropEvents(id, change.events.find(isDeletion)?.data.sequence ?? -1)
  }
  const write = (change: StateChange, published: number): void => {
    for (const person of change.people) putPerson(person)
    for (const id of change.gone) {
      written.exemplars.delete(id)
      run.dropPerson(id)
    }
    for (const [former, person] of change.aliases) run.putAlias(former, person)
    for (const former of change.aliasesGone) run.dropAlias(former)
    for (const [a, b, frames] of change.apart)
      if (frames === 0) run.dropApart(...ordered(a, b))
      else run.putApart(...ordered(a, b), frames)
    events.put(change)
    for (const id of change.retired) forget(id, change)
    for (const table of tables) table.apply(change)
    run.trimSightingEvents(published)
    events.trim(change, published)
    if (change.live) putLive(change.live)
    const scrubs = change.erases || change.retired.length > 0
    run.putSite(change.sequence, change.created, published, scrubs ? 1 : 0, change.clockMs)
  }

  return {
    write,
    forget: () => {
      written.exemplars.clear()
      written.live.clear()
      events.forget()
    },
  }
}

/** Keeps the newest `most` events about people and tracks: counted, because a restore skips sequence numbers. */
const createEventWriter = (run: Statements, most: number) => {
  /** Null when they must be counted anew. */
  let kept: number | null = null
  return {
    put({ events }: StateChange): void {
      for (const event of events) {
        const put = isKeptShortly(event) ? run.putSightingEvent : run.putEvent
        put(event.data.sequence, event.subject, otherOf(event), eventJson(event).whole.toString())
        if (put === run.putEvent && kept !== null) kept++
      }
    },
    trim({ retired }: StateChange, published: number): void {
      if (kept === null || retired.length > 0) kept = run.countEvents()
      if (kept > most) kept -= run.trimEvents(published, kept - most)
    },
    forget(): void {
      kept = null
    },
  }
}

/** Whether the value is the one that was written last under this key; if not, it counts as written from now on. */
const isWritten = <Key, Value>(written: Map<Key, Value>, key: Key, value: Value): boolean => {
  if (written.get(key) === value) return true
  written.set(key, value)
  return false
}
