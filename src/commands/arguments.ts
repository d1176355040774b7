import { resolve } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { plainName } from '../config/cameras.ts'
import { type Config, configSchema, defaultConfig, loadConfig } from '../config/config.ts'
import { inPlainWords } from '../config/expectation.ts'
import { RollcallError } from '../errors.ts'
import { shownUrl } from '../ingest/camera-url.ts'
import { nearestWord } from '../text.ts'

/** Like `parseArgs` of node:util without words beside the options. Throws USAGE, which says where the help is. */
export const parse = <T extends ParseArgsOptionsConfig>(command: string, args: readonly string[], options: T) => {
  const { values, positionals } = parseWords(command, args, options)
  const [word] = positionals
  if (word === undefined) return values
  const isCamera = 'camera' in options && /[/:.]/.test(word)
  throw new RollcallError('USAGE', `rollcall ${command}: "${shownUrl(word)}" stands alone; expected options only`, {
    remedy: isCamera ? 'Name a camera with --camera NAME=URL.' : `see rollcall ${command} --help`,
  })
}

/** Like `parseArgs` of node:util. Throws USAGE, which repeats no value and says what was probably meant. */
export const parseWords = <T extends ParseArgsOptionsConfig>(command: string, args: readonly string[], options: T) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const wrong = /'(-[^'=\s]*)/.exec(message)?.[1] ?? ''
    throw new RollcallError('USAGE', `rollcall ${command}: ${whatIsWrong(code, wrong, Object.keys(options))}`, {
      cause,
      remedy: `see rollcall ${command} --help`,
    })
  }
}

/** The one directory that is named beside the options. Throws USAGE. */
export const oneDirectory = (command: string, positionals: readonly string[]): string => {
  const [word, more] = positionals
  if (word !== undefined && more === undefined) return resolve(word)
  throw new RollcallError('USAGE', `rollcall ${command}: expected one directory`, {
    remedy: `see rollcall ${command} --help`,
  })
}

const whatIsWrong = (code: string | undefined, option: string, known: readonly string[]): string => {
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = option.startsWith('--') ? nearestWord(option.slice(2), known) : null
    return `there is no option ${option}${near === null ? '' : `; did you mean --${near}?`}`
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return `${option || 'an option'}: its value is missing, begins with a dash (write ${option || '--OPTION'}=VALUE), or it takes none`
  return 'the options cannot be read'
}

/** The value of `--seconds`, from `least` to `most`, in digits. Throws USAGE, also for what only JavaScript calls a number. */
export const secondsOf = (text: string, least: number, most: number): number => {
  const seconds = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && seconds >= least && seconds <= most) return seconds
  throw new RollcallError('USAGE', `--seconds ${text}: expected a number from ${least} to ${most}`)
}

/** The entry of a table that the user has named. Throws USAGE, which lists what there is. */
export const named = <T>(what: string, name: string, table: Readonly<Record<string, T>>, remedy: string): T => {
  const entry = Object.hasOwn(table, name) ? table[name] : undefined
  if (entry !== undefined) return entry
  const names = Object.keys(table)
  const near = nearestWord(name, names)
  const meant = near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`
  throw new RollcallError('USAGE', `there is no ${what} "${shownUrl(name)}"; ${meant}`, { remedy })
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
  const name = text.slice(0, Math.max(0, at))
  // The = of a bare address may stand in its query.
  if (at <= 0 || /[/:@]/.test(name))
    throw new RollcallError('USAGE', `--camera ${shownUrl(text)}: expected NAME=URL`, {
      remedy: 'for example --camera door=rtsp://127.0.0.1:8554/door',
    })
  const checked = plainName.safeParse(name)
  if (checked.success) return [name, text.slice(at + 1)]
  const why = checked.error.issues.map(({ message }) => message).join('; ')
  throw new RollcallError('USAGE', `--camera "${name}": ${why}`, { remedy: 'Give the camera another name.' })
}

/** The URLs of `--camera NAME=URL`, by name. Throws USAGE. */
export const camerasFrom = (texts: readonly string[]): ReadonlyMap<string, string> => {
  const given = new Map<string, string>()
  for (const [name, url] of texts.map(splitCamera)) {
    if (given.has(name))
      throw new RollcallError('USAGE', `--camera ${name} is there twice`, { remedy: 'Give each camera its own name.' })
    given.set(name, url)
  }
  return given
}

/** `HOST:PORT`, `PORT`, `[::1]:PORT`, or `off`. */
export const parseListen = (text: string): { host?: string; port: number | null } => {
  if (text === 'off') return { port: null }
  const match = /^(?:(?<host>\[[^\]]+\]|[^:]+):)?(?<port>\d{1,5})$/.exec(text)
  const port = Number(match?.groups?.port)
  if (match === null || port > 65_535) {
    throw new RollcallError('USAGE', `--http ${shownUrl(text)}: expected HOST:PORT, PORT or off`, {
      remedy: 'for example --http 127.0.0.1:8080',
    })
  }
  const host = match.groups?.host?.replace(/^\[|\]$/g, '')
  return host === undefined ? { port } : { host, port }
}

/**
 * The configuration file, if one is named, with the command line on top. With `httpIsOff` only `--http` opens a port; `isAgain` as for
 * `loadConfig`. Throws
 * CONFIG_INVALID or USAGE.
 */
export const configure = (
  overrides: Overrides,
  env: Readonly<Record<string, string | undefined>>,
  { httpIsOff = false, isAgain = false }: { readonly httpIsOff?: boolean; readonly isAgain?: boolean } = {},
): Config => {
  const base = overrides.config === undefined ? defaultConfig() : loadConfig(overrides.config, env, { isAgain })
  const cameras: Record<string, unknown> = { ...base.cameras }
  for (const [name, url] of camerasFrom(overrides.camera ?? [])) cameras[name] = { ...base.cameras[name], url }
  const port = httpIsOff ? { port: null } : {}
  const result = configSchema.safeParse(
    {
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
    },
    { error: inPlainWords },
  )
  if (result.success) return result.data
  throw new RollcallError(
    'USAGE',
    result.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; '),
  )
}
