import type { LeveledLog } from '../../src/config/log.ts'
import { silent as nobody } from '../../src/silent-log.ts'

/** A log that nobody reads. */
export const silent: LeveledLog = {
  ...nobody,
  level: 'silent',
}
