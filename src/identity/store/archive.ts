import { DatabaseSync } from 'node:sqlite'
import type { StateChange } from '../state/state.ts'
import { type ActionTable, openActionTable } from './action-table.ts'
import { actionTables, pastTables, settledTable, sightingTables } from './schema.ts'
import { openSettledTable, type SettledTable } from './settled-table.ts'
import { openSightingTable, type SightingTable } from './sighting-table.ts'
import { openUnassignedTable, type UnassignedTable } from './unassigned-table.ts'

/** What is kept of the past: sightings, what settled tracks have added to their people, and what people did. */
export interface Archive {
  readonly sightings: SightingTable
  readonly settled: SettledTable
  readonly unassigned: UnassignedTable
  readonly actions: ActionTable
  /** Writes what has changed. */
  apply(change: StateChange): void
}

/** About 5 MB. */
const mostSightings = 10_000
/** About 15 MB. */
const mostSettled = 10_000
const mostUnassigned = 10_000

/** In memory: of a site whose people are not kept. */
export const archiveInMemory = (): Archive => {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  db.exec(sightingTables + settledTable + pastTables + actionTables)
  const onWrite = (): void => undefined
  const sightings = openSightingTable({ db, most: mostSightings, onWrite })
  const settled = openSettledTable({ db, most: mostSettled, onWrite })
  const unassigned = openUnassignedTable({ db, most: mostUnassigned, onWrite })
  const actions = openActionTable(db, onWrite)
  return {
    sightings,
    settled,
    unassigned,
    actions,
    apply(change) {
      sightings.apply(change)
      settled.apply(change)
      unassigned.apply(change)
      actions.apply(change)
    },
  }
}
