import type { ParseArgsOptionsConfig } from 'node:util'
import { RollcallError } from '../errors.ts'
import { whoRuns } from '../identity/store/running.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { configure, overrideOptions } from './arguments.ts'
import { isListening, originOf } from './people/http-client.ts'
import { trustOwnCertificate } from './people/open-client.ts'

/** The options that say which running Rollcall is meant. */
export const runningOptions = {
  url: { type: 'string' },
  state: overrideOptions.state,
  config: overrideOptions.config,
} as const satisfies ParseArgsOptionsConfig

/** What they are, for the help of a command. */
export const runningHelp = `  --url URL     the Rollcall; without it the one that has the state directory open, else http://127.0.0.1:8080
  --state DIR   that directory (default ~/.local/state/rollcall/SITE)
  --config FILE the configuration that the Rollcall runs with: it names the directory, too`

const usual = 'http://127.0.0.1:8080'

interface Where {
  readonly state?: string
  readonly config?: string
}
type Env = Readonly<Record<string, string | undefined>>

/** Null without a home directory, where the state is kept elsewhere or in memory. */
const directoryOf = (where: Where, env: Env): string | null => {
  try {
    return stateDirectoryOf(configure(where, env), { untilEnd: false, env })
  } catch (error) {
    if (error instanceof RollcallError && error.code === 'STATE') return null
    throw error
  }
}

/**
 * The origin of the Rollcall that is meant: that of `url`, else of the one that has the state directory open, whose own certificate
 * is believed from then on, else the usual one. Throws USAGE, and STATE where a directory or configuration was named and no Rollcall
 * that listens has it open.
 */
export const runningRollcall = async (
  { url, ...where }: Where & { readonly url?: string | undefined },
  env: Env = process.env,
): Promise<string> => {
  if (url !== undefined) return originOf(url)
  const directory = directoryOf(where, env)
  const running = directory === null ? null : (whoRuns(directory)?.url ?? null)
  if (directory !== null) trustOwnCertificate(directory)
  if (running !== null && (await isListening(running))) return originOf(running)
  if (where.state === undefined && where.config === undefined) return usual
  throw new RollcallError('STATE', `no Rollcall that listens has ${directory ?? 'a state directory'} open`, {
    remedy: 'Start it with HTTP on, or name one with --url URL.',
  })
}
