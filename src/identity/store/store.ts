import type { DatabaseSync } from 'node:sqlite'
import type { PersonId } from '../../types.ts'
import type { LoggedEvent, SavedState, StateChange } from '../state/state.ts'
import { type ActionTable, openActionTable } from './action-table.ts'
import type { StoreBounds, StoreSizes } from './bounds.ts'
import { openObjectorTable } from './objector-table.ts'
import { readOrigins } from './origins.ts'
import type { StoredEmbedder } from './problems.ts'
import { readState } from './read-state.ts'
import { openSettledTable, type SettledTable } from './settled-table.ts'
import { openSightingTable, type SightingTable } from './sighting-table.ts'
import { snapshotDatabase } from './snapshot.ts'
import { commitsIn, createStateCommits, type StateLog } from './state-commits.ts'
import { prepareAll } from './statements.ts'
import { createTransactions } from './transactions.ts'
import { openUnassignedTable, type UnassignedTable } from './unassigned-table.ts'
import { createChangeWriter } from './write-change.ts'

/** The people of one site on disk. Has one writer: whoever opened it, who closes it. */
export interface Store {
  readonly embedder: StoredEmbedder
  /** What the engine goes on from, as of the last commit. */
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
  /** The kept events about people and tracks before `sequence`, newest first, at most so many. */
  eventsBefore(sequence: number, most: number): LoggedEvent[]
  /** What happened to this person, oldest first; of a long history the end. */
  history(person: PersonId): LoggedEvent[]
  /** Who was where and when, as of the last commit. */
  readonly sightings: Omit<SightingTable, 'apply'>
  /** What settled tracks have added to their people, as of the last commit. */
  readonly settled: Omit<SettledTable, 'apply'>
  /** Tracks that were over before anybody was told by them, as of the last commit. */
  readonly unassigned: Omit<UnassignedTable, 'apply'>
  /** What people did, and what there is to ask them, as of the last commit. */
  readonly actions: Omit<ActionTable, 'apply'>
  /** How much it takes, as of the last commit. Reads the whole index of a table: not for every second. */
  sizes(): StoreSizes
  /** Copies the database to a new file, as of the last commit before it is done. Rejects with STATE. */
  snapshot(file: string): Promise<void>
  /** Tells `rollcall people` where this process listens. */
  announce(url: string | null): void
  /** Throws STATE when the disk refuses; it is closed all the same. Idempotent. */
  close(): void
}

/** Of one person, in an answer. */
const mostHistory = 200

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
  /** Where changes go; null where this file is all there is. */
  readonly log: StateLog | null
  /** Called before each statement that writes: where tests pull the plug. */
  readonly onWrite: () => void
}

/** `db` is open, up to date and locked for this process. */
export const createStore = ({ db, file, fd, embedder, bounds, onWrite, ...parts }: StoreParts): Store => {
  const run = prepareAll(db, onWrite)
  // The writer knows these objects, so what an engine has from here needs no writing until it changes.
  const origins = readOrigins(run)
  const sightings = openSightingTable({ db, most: bounds.sightings, onWrite })
  const settled = openSettledTable({ db, most: bounds.settled, onWrite })
  const unassigned = openUnassignedTable({ db, most: bounds.unassigned, onWrite })
  const actions = openActionTable(db, onWrite)
  const objectors = openObjectorTable(db, onWrite)
  let published = run.site().published
  const tables = [sightings, settled, unassigned, actions, objectors]
  const changes = createChangeWriter({ run, file, dimensions: embedder.dimensions, bounds, origins, tables })
  const commits = createStateCommits(db, file, parts.log)
  const onUndone = (): void => {
    for (const each of [changes, commits]) each.forget()
  }
  const transactions = createTransactions({ db, file, fd, onWrite, onUndone })
  const write = commitsIn(transactions, commits)
  let isAsOpened = true
  let isClosed = false
  if (run.site().scrub) transactions.scrub()

  return {
    embedder,
    sightings,
    settled,
    unassigned,
    actions,
    saved: () => ({
      ...readState(run, file, embedder.dimensions, isAsOpened ? origins : readOrigins(run)),
      sightings: sightings.open(),
      objectors: objectors.all(),
    }),
    commit(change) {
      isAsOpened = false
      const { events, retired, journal, erases } = change
      const isLasting = erases || events.length + retired.length + journal.length > 0
      write(() => changes.write(change, published), isLasting, events)
      if (erases || retired.length > 0) transactions.scrub()
    },
    published(sequence) {
      published = Math.max(published, sequence)
    },
    unpublished: () => run.eventsAfter(published, -1).map(parseEvent),
    eventLog: {
      after: (sequence, most) => transactions.read(() => run.eventsAfter(sequence, most).map(parseEvent)),
      countAfter: (sequence) => transactions.read(() => run.countAfter(sequence)),
      published,
    },
    eventsBefore: (sequence, most) => run.eventsBefore(sequence, most).map(parseEvent),
    history: (person) => run.eventsOf(person, mostHistory).map(parseEvent),
    sizes: run.sizes,
    snapshot: (to) => snapshotDatabase(db, to),
    announce: parts.announce,
    close() {
      if (isClosed) return
      isClosed = true
      try {
        if (commits.mayWrite) write(() => run.putPublished(published), true, [])
      } finally {
        parts.close()
      }
    },
  }
}

const parseEvent = (json: string): LoggedEvent => JSON.parse(json) as LoggedEvent
