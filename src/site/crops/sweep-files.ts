import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SightingTable } from '../../identity/store/sighting-table.ts'
import { silent } from '../../silent-log.ts'
import type { PersonId } from '../../types.ts'
import { openTableOf } from './open-table.ts'
import { ownersOf } from './owners.ts'

/** Removes pictures that are nobody's from a state directory that no Rollcall has open: after a deletion by the command line. */
export const sweepFiles = (
  directory: string,
  sightings: Pick<SightingTable, 'partsOf'>,
  isKnown: (id: PersonId) => boolean,
): void => {
  if (!existsSync(join(directory, 'crops.db'))) return
  const table = openTableOf('disk', directory, silent)
  if (table === null) return
  try {
    const { orphans } = ownersOf(table.all(), {
      partsOf: (tracks) => sightings.partsOf(tracks),
      resolve: (id) => id,
      isKnown,
    })
    table.remove(orphans.map(({ id }) => id))
    table.erase()
  } finally {
    table.close()
  }
}
