import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type Config, configSchema, defaultConfig, loadConfig } from '../config/config.ts'
import { RollcallError } from '../errors.ts'

/** Like `parseArgs` of node:util, but a mistake is a USAGE error that says where the help is. */
export const parse = <T extends ParseArgsOptionsConfig>(command: string, args: readonly string[], options: T) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (cause) {
    throw new RollcallError('USAGE', (cause as Error).message, { cause, remedy: `see rollcall ${command} --help` })
  }
}

/** Options of the command line that win over the configuration file. */
export interface Overrides {
  readonly config?: string
  /** Each is `NAME=URL`, and adds a camera or replaces its URL. */
  readonly camera?: readonly string[]
  readonly models?: string
  readonly state?: string
  readonly events?: string
  readonly http?: string
  readonly 'log-level'?: string
}

/** The same options for `parseArgs` of node:util. */
export const overrideOptions = {
  config: { type: 'string' },
  camera: { type: 'string', multiple: true },
  models: { type: 'string' },
  state: { type: 'string' },
  events: { type: 'string' },
  http: { type: 'string' },
  'log-level': { type: 'string' },
} as const satisfies ParseArgsOptionsConfig

const splitCamera = (text: string): readonly [string, string] => {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new RollcallError('USAGE', '--camera: expected NAME=URL', {
    remedy: 'for example --camera door=rtsp://127.0.0.1:8554/door',
  })
}

/** `HOST:PORT`, `PORT`, `[::1]:PORT`, or `off`. */
export const parseListen = (text: string): { host?: string; port: number | null } => {
  if (text === 'off') return { port: null }
  const match = /^(?:(?<host>\[[^\]]+\]|[^:]+):)?(?<port>\d{1,5})$/.exec(text)
  const port = Number(match?.groups?.port)
  if (match === null || port > 65_535) {
    throw new RollcallError('USAGE', `--http ${text}: expected HOST:PORT, PORT or off`, {
      remedy: 'for example --http 127.0.0.1:8080',
    })
  }
  const host = match.groups?.host?.replace(/^\[|\]$/g, '')
  return host === undefined ? { port } : { host, port }
}

/** The configuration file, if one is named, with the command line on top. Throws CONFIG_INVALID or USAGE. */
export const configure = (
  overrides: Overrides,
  env: Readonly<Record<string, string | undefined>>,
  defaults: { readonly http?: Config['http']['port'] } = {},
): Config => {
  const base = overrides.config === undefined ? defaultConfig() : loadConfig(overrides.config, env)
  const cameras: Record<string, unknown> = { ...base.cameras }
  for (const [name, url] of (overrides.camera ?? []).map(splitCamera)) {
    cameras[name] = { ...base.cameras[name], url }
  }
  const port = overrides.config === undefined && defaults.http !== undefined ? { port: defaults.http } : {}
  const result = configSchema.safeParse({
    ...base,
    cameras,
    models: { ...base.models, ...(overrides.models !== undefined && { directory: overrides.models }) },
    state: {
      ...base.state,
      ...(overrides.state !== undefined && { directory: overrides.state === 'off' ? null : overrides.state }),
    },
    sinks: { ...base.sinks, ...(overrides.events !== undefined && { events: overrides.events }) },
    http: { ...base.http, ...port, ...(overrides.http !== undefined && parseListen(overrides.http)) },
    log: { ...base.log, ...(overrides['log-level'] !== undefined && { level: overrides['log-level'] }) },
  })
  if (result.success) return result.data
  throw new RollcallError(
    'USAGE',
    result.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; '),
  )
}
