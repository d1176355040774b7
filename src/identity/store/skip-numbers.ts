import { DatabaseSync } from 'node:sqlite'
import type { WallMs } from '../../types.ts'

/**
 * Makes a copied people.db number its next event above all that was told since the copy was made: `sequence`, by which consumers
 * know what is new, goes on at `nowMs`. No site has a thousand such events a second for years, so the number was not reached.
 */
export const skipNumbers = (file: string, nowMs: WallMs): void => {
  const db = new DatabaseSync(file)
  try {
    db.prepare('UPDATE site SET sequence = max(sequence, ?)').run(nowMs)
  } finally {
    db.close()
  }
}
