import type { DatabaseSync } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'
import { RollcallError } from '../../errors.ts'
import { eventJson } from '../../events/json.ts'
import type { PersonId } from '../../types.ts'
import type { Origins } from '../people/origins.ts'
import { type LiveChange, type LiveRow, liveFrom } from '../state/live-rows.ts'
import type { SettledArchive } from '../state/settled-tracks.ts'
import type { Apart, Exemplar, LoggedEvent, SavedPerson, SavedState, StateChange } from '../state/state.ts'
import { type ActionTable, openActionTable } from './action-table.ts'
import type { StoreBounds, StoreSizes } from './bounds.ts'
import { createOriginWriter, readOrigins } from './origins.ts'
import { asStateError, damaged, type StoredEmbedder } from './problems.ts'
import { openSettledTable } from './settled-table.ts'
import { openSightingTable, type SightingTable } from './sighting-table.ts'
import { prepareAll, type Statements } from './statements.ts'
import { wipeUnallocated } from './unallocated.ts'
import { bytesOf, floatsOf } from './vectors.ts'

/** The people of one site on disk. Has one writer: whoever opened it, who closes it. */
export interface Store {
  readonly embedder: StoredEmbedder
  /** What the engine goes on from. */
  saved(): SavedState
  /**
   * Applies a change in one transaction: after `kill -9` at any moment all of it is there, or nothing. One with events
   * survives a power cut too. When people were deleted, no byte of theirs is left in any file once it returns. Throws
   * STATE when the disk refuses.
   */
  commit(change: StateChange): void
  /** Every sink has the events up to this one; kept with the next commit. */
  published(sequence: number): void
  /** Committed, but not known to have reached every sink: publish them first; a repeat has the same ID. */
  unpublished(): LoggedEvent[]
  /** The committed events that a sink may still need, for its outbox. Throws STATE when they cannot be read. */
  readonly eventLog: {
    /** The events after `sequence`, oldest first, at most so many. */
    readonly after: (sequence: number, most: number) => readonly LoggedEvent[]
    readonly countAfter: (sequence: number) => number
    /** Every sink has the events up to here. */
    readonly published: number
  }
  /** What happened to this person, oldest first; of a long history the end. */
  history(person: PersonId): LoggedEvent[]
  /** Who was where and when, as of the last commit. */
  readonly sightings: Omit<SightingTable, 'apply'>
  /** What settled tracks have added to their people, as of the last commit. */
  readonly settled: SettledArchive
  /** What people did, and what there is to ask them, as of the last commit. */
  readonly actions: Omit<ActionTable, 'apply'>
  /** How much it takes, as of the last commit. Reads the whole index of a table: not for every second. */
  sizes(): StoreSizes
  /** Tells `rollcall people` where this process listens. */
  announce(url: string | null): void
  /** Throws STATE when the disk refuses; it is closed all the same. Idempotent. */
  close(): void
}

/** Of one person, in an answer. */
const mostHistory = 200

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

/** What a store is made of. `createStore` owns all of it. */
export interface StoreParts {
  readonly db: DatabaseSync
  readonly file: string
  /** Of the same file, for what SQLite cannot do. */
  readonly fd: number
  readonly embedder: StoredEmbedder
  readonly bounds: StoreBounds
  readonly announce: (url: string | null) => void
  readonly close: () => void
  /** Called before each statement that writes: where tests pull the plug. */
  readonly onWrite: () => void
}

/** `db` is open, up to date and locked for this process. */
export const createStore = ({ db, file, fd, embedder, bounds, onWrite, ...parts }: StoreParts): Store => {
  const run = prepareAll(db, onWrite)
  const origins = readOrigins(run)
  const putOrigins = createOriginWriter(run, origins)
  const sightings = openSightingTable({ db, most: bounds.sightings, onWrite })
  const settled = openSettledTable({ db, most: bounds.settled, onWrite })
  const actions = openActionTable(db, onWrite)
  let published = run.site().published
  /** What the last commits have written, so that the same is not written again. */
  const written = { exemplars: new Map<PersonId, readonly Exemplar[]>(), live: new Map<string, string>() }
  let isFlushed: boolean | null = null
  let isClosed = false

  /** A commit with events waits for the disk, one of positions only does not: a power cut may cost it, a crash not. */
  const flush = (wanted: boolean): void => {
    if (wanted !== isFlushed) db.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`)
    isFlushed = wanted
  }
  const transaction = (work: () => void): void => {
    try {
      onWrite()
      db.exec('BEGIN IMMEDIATE')
      work()
      onWrite()
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      written.exemplars.clear()
      written.live.clear()
      throw asStateError(error, file)
    }
  }
  const readLog = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw asStateError(error, file)
    }
  }
  /**
   * Deleted rows are overwritten (`secure_delete`), but are still in the write-ahead log, and what was moved may be left in
   * unallocated parts of pages. `VACUUM` would do as well, in seconds instead of milliseconds.
   */
  const scrub = (): void => {
    flush(true)
    onWrite()
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    // Pages that SQLite has in memory would bring back what is wiped from the file.
    db.exec('PRAGMA shrink_memory')
    onWrite()
    wipeUnallocated(fd)
    onWrite()
    db.exec('UPDATE site SET scrub = 0')
  }
  const putPerson = (person: SavedPerson): void => {
    run.putPerson(person)
    // Somebody who is seen changes with each frame, but seldom what it is known by.
    if (!isWritten(written.exemplars, person.id, person.exemplars)) putExemplars(person)
    putOrigins(person)
  }
  const putExemplars = (person: SavedPerson): void => {
    run.dropExemplars(person.order)
    for (const [number, exemplar] of person.exemplars.entries()) {
      if (exemplar.sum.length !== embedder.dimensions)
        throw new RollcallError(
          'STATE',
          `person ${person.id}: an embedding has ${exemplar.sum.length} numbers, those in ${file} have ${embedder.dimensions}`,
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
  const forget = (id: PersonId, { events }: StateChange): void => {
    run.retire(id)
    const isDeletion = ({ type, data }: LoggedEvent): boolean =>
      type === 'rollcall.person.deleted.v1' && data.person === id
    run.dropEvents(id, events.find(isDeletion)?.data.sequence ?? -1)
  }
  const apply = (change: StateChange): void => {
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
    for (const event of change.events) {
      const put = event.type.startsWith('rollcall.sighting.') ? run.putSightingEvent : run.putEvent
      put(event.data.sequence, event.data.person, otherOf(event), eventJson(event).whole.toString())
    }
    for (const id of change.retired) forget(id, change)
    sightings.apply(change)
    settled.apply(change)
    actions.apply(change)
    run.trimSightingEvents(published)
    run.trimEvents(Math.min(published, change.sequence - bounds.events))
    if (change.live) putLive(change.live)
    run.putSite(change.sequence, change.created, published, change.retired.length > 0 ? 1 : 0, change.clockMs)
  }

  if (run.site().scrub) scrub()

  return {
    embedder,
    sightings,
    settled,
    actions,
    saved: () => ({ ...readState(run, file, embedder.dimensions, origins), sightings: sightings.open() }),
    commit(change) {
      flush(change.events.length + change.retired.length + change.journal.length > 0)
      transaction(() => apply(change))
      if (change.retired.length === 0) return
      try {
        scrub()
      } catch (error) {
        throw asStateError(error, file)
      }
    },
    published(sequence) {
      published = Math.max(published, sequence)
    },
    unpublished: () => run.eventsAfter(published, -1).map(parseEvent),
    eventLog: {
      after: (sequence, most) => readLog(() => run.eventsAfter(sequence, most).map(parseEvent)),
      countAfter: (sequence) => readLog(() => run.countAfter(sequence)),
      published,
    },
    history: (person) => run.eventsOf(person, mostHistory).map(parseEvent),
    sizes: run.sizes,
    announce: parts.announce,
    close() {
      if (isClosed) return
      isClosed = true
      try {
        flush(true)
        transaction(() => run.putPublished(published))
      } finally {
        parts.close()
      }
    },
  }
}

/** Whether the value is the one that was written last under this key; if not, it counts as written from now on. */
const isWritten = <Key, Value>(written: Map<Key, Value>, key: Key, value: Value): boolean => {
  if (written.get(key) === value) return true
  written.set(key, value)
  return false
}

const parseEvent = (json: string): LoggedEvent => JSON.parse(json) as LoggedEvent

/** Throws STATE when what is read makes no sense. */
const readState = (
  run: Statements,
  file: string,
  dimensions: number,
  origins: ReadonlyMap<number, Origins>,
): Omit<SavedState, 'sightings'> => {
  const exemplars = new Map<number, Exemplar[]>()
  for (const { person, weight, sum } of run.exemplars()) {
    const vector = floatsOf(sum)
    if (vector.length !== dimensions)
      throw damaged(file, `an embedding has ${vector.length} numbers, expected ${dimensions}`)
    const own = exemplars.get(person) ?? []
    own.push({ sum: vector, weight })
    exemplars.set(person, own)
  }
  const { sequence, created, clockMs } = run.site()
  return {
    sequence,
    created,
    people: run
      .people()
      .map((row) => ({ ...row, exemplars: exemplars.get(row.order) ?? [], origins: origins.get(row.order) ?? [] })),
    aliases: run.aliases(),
    apart: run.apart() as Apart[],
    retired: run.retired(),
    clockMs,
    live: readLive(run, file),
  }
}

/** Null when there are none. */
const readLive = (run: Statements, file: string): readonly LiveRow[] | null => {
  try {
    const rows = run.live().map(({ kind, key, value }): LiveRow => ({ kind, key, value: deserialize(value) }))
    if (rows.length === 0) return null
    liveFrom(rows)
    return rows
  } catch (cause) {
    throw damaged(file, `what was in view cannot be read (${(cause as Error).message})`, cause)
  }
}
