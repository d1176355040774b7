import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'

export interface Circumstances {
  /** Recordings, once: nobody is remembered unless a directory is named. */
  readonly untilEnd: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Where the people of a site are kept; null: nowhere. https://specifications.freedesktop.org/basedir-spec/ */
export const stateDirectoryOf = (
  { state, site }: Pick<Config, 'state' | 'site'>,
  { untilEnd, env }: Circumstances,
): string | null => {
  if (state.directory !== 'auto') return state.directory
  if (untilEnd) return null
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local/state'), 'rollcall', site)
}
