import type { Config } from '../config/config.ts'
import type { Outputs } from './outputs.ts'

/** What came of reading a configuration again. */
export interface Reloaded {
  /** What was read again and holds now. */
  readonly reread: readonly string[]
  /** Keys that differ from what the run was started with, and hold only after a restart. */
  readonly restart: readonly string[]
}

/** What a running site lets be changed. */
export interface ReloadParts {
  readonly outputs: Pick<Outputs, 'reopen' | 'reloadServer'>
  readonly rules: { replace(rules: Config['rules']): void }
  readonly setLogLevel: (level: Config['log']['level']) => void
  /** Takes over cameras; null for recordings that are read to their end. */
  readonly cameras: { reload(next: Config): readonly string[] } | null
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The keys at which two configurations differ, as `cameras.door`. A camera is one key, because it starts anew as a whole. */
export const changedKeys = (before: unknown, next: unknown, path: readonly string[] = []): string[] => {
  if (JSON.stringify(before) === JSON.stringify(next)) return []
  const isCamera = path[0] === 'cameras' && path.length === 2
  if (isCamera || !isObject(before) || !isObject(next)) return [path.join('.')]
  const keys = new Set([...Object.keys(before), ...Object.keys(next)])
  return [...keys].flatMap((key) => changedKeys(before[key], next[key], [...path, key]))
}

const isReread = (key: string): boolean => /^(log\.level|http\.auth\.tokens|rules(\..*)?)$/.test(key)
const isOfCameras = (key: string): boolean => /^cameras?(Defaults)?(\.|$)/.test(key)

/**
 * Takes over what can change while a site runs: cameras, rules, the level of the log, the certificate and the tokens of the server; and
 * opens the events file again. `started` is the configuration of the start. Rejects with what cannot be used, such as a certificate
 * that does not fit its key; that and what comes after it stays as it was.
 */
export const reload = async (parts: ReloadParts, started: Config, next: Config): Promise<Reloaded> => {
  const server = parts.outputs.reloadServer(next.http)
  parts.setLogLevel(next.log.level)
  parts.rules.replace(next.rules)
  if (started.sinks.events !== null) await parts.outputs.reopen()
  const cameras = parts.cameras?.reload(next) ?? []
  return {
    reread: [
      ...cameras,
      'log.level',
      ...(Object.keys({ ...started.rules, ...next.rules }).length > 0 ? ['rules'] : []),
      ...server,
      ...(started.sinks.events === null ? [] : ['sinks.events (opened again)']),
    ],
    restart: changedKeys(started, next).filter(
      (key) => !isReread(key) && !(parts.cameras !== null && isOfCameras(key)),
    ),
  }
}
