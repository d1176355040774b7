import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'

/** What the default directory depends on. */
export interface Circumstances {
  /** Recordings that are read once: people are kept only when a directory is named. */
  readonly untilEnd: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Where the people of a site are kept; null for in memory only. https://specifications.freedesktop.org/basedir-spec/
 * Throws STATE when none is named and this user has no home directory.
 */
export const stateDirectoryOf = (
  { state, site }: Pick<Config, 'state' | 'site'>,
  { untilEnd, env }: Circumstances,
): string | null => {
  if (state.directory !== 'auto') return state.directory
  if (untilEnd) return null
  // The specification ignores relative paths: they would be another place in each working directory.
  const base =
    env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME) ? env.XDG_STATE_HOME : join(homeOf(env), '.local/state')
  return join(base, 'rollcall', site)
}

/** In containers a user ID often has no entry and no HOME. */
const homeOf = (env: Circumstances['env']): string => {
  if (env.HOME) return env.HOME
  try {
    return homedir()
  } catch (cause) {
    throw new RollcallError(
      'STATE',
      `state.directory: no place for people is named, and the user with the ID ${process.getuid?.() ?? '?'} has no home directory`,
      { cause, remedy: 'Name one with --state DIR or state.directory (--state off: in memory only), or set HOME.' },
    )
  }
}

/** Where events waited for Kafka in earlier versions, below the working directory. */
const earlier = '.rollcall/spool'

/**
 * The configuration with the directory of the spool named: `spool` in the state directory, so that what is to be kept is
 * in one place. Where earlier versions left a spool its events are still to be sent, so it stays in use.
 */
export const withSpoolDirectory = (
  config: Config,
  stateDirectory: string | null,
  workingDirectory: string = process.cwd(),
): Config => {
  const { kafka } = config.sinks
  if (kafka.spool.directory !== 'auto') return config
  const before = join(workingDirectory, earlier)
  const own = stateDirectory === null ? before : join(stateDirectory, 'spool')
  const directory = existsSync(before) && !existsSync(own) ? before : own
  return { ...config, sinks: { ...config.sinks, kafka: { ...kafka, spool: { ...kafka.spool, directory } } } }
}

/** Where events wait for Kafka, when that is there and not in the state directory; else null. */
export const spoolElsewhere = (config: Config, state: string): string | null => {
  const spool = resolve(withSpoolDirectory(config, state).sinks.kafka.spool.directory)
  return existsSync(spool) && !`${spool}/`.startsWith(`${resolve(state)}/`) ? spool : null
}
