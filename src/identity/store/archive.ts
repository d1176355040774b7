import { DatabaseSync } from 'node:sqlite'
import type { StateChange } from '../state/state.ts'
import { settledTable, sightingTables } from './schema.ts'
import { openSettledTable, type SettledTable } from './settled-table.ts'
import { openSightingTable, type SightingTable } from './sighting-table.ts'

/** What is kept of the past: sightings, and what settled tracks have added to their people. */
export interface Archive {
  readonly sightings: SightingTable
  readonly settled: SettledTable
  /** Writes what has changed. */
  apply(change: StateChange): void
}

/** About 5 MB. */
const mostSightings = 10_000
/** About 15 MB. */
const mostSettled = 10_000

/** In memory: of a site whose people are not kept. */
export const archiveInMemory = (): Archive => {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  db.exec(sightingTables + settledTable)
  const onWrite = (): void => undefined
  const sightings = openSightingTable({ db, most: mostSightings, onWrite })
  const settled = openSettledTable({ db, most: mostSettled, onWrite })
  return {
    sightings,
    settled,
    apply(change) {
      sightings.apply(change)
      settled.apply(change)
    },
  }
}
