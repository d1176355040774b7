import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'

/** What the default directory depends on. */
export interface Circumstances {
  /** Recordings that are read once: people are kept only when a directory is named. */
  readonly untilEnd: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Where the people of a site are kept; null for in memory only. https://specifications.freedesktop.org/basedir-spec/ */
export const stateDirectoryOf = (
  { state, site }: Pick<Config, 'state' | 'site'>,
  { untilEnd, env }: Circumstances,
): string | null => {
  if (state.directory !== 'auto') return state.directory
  if (untilEnd) return null
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local/state'), 'rollcall', site)
}
