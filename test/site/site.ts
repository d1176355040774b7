import type { LeveledLog } from '../../src/config/log.ts'

/** A log that nobody reads. */
export const silent: LeveledLog = {
  level: 'silent',
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}
