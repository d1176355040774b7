import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'

/**
 * The directory in which people are kept, as an absolute path. Throws USAGE where they are kept in memory only, and what
 * `stateDirectoryOf` throws.
 */
export const keptStateOf = (config: Pick<Config, 'state' | 'site'>): string => {
  const directory = stateDirectoryOf(config, { untilEnd: false, env: process.env })
  if (directory !== null) return resolve(directory)
  throw new RollcallError('USAGE', 'state.directory: people are kept in memory only', {
    remedy: 'Name the directory with --state DIR.',
  })
}
