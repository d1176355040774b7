import { createRequire } from 'node:module'
import { pino } from 'pino'
import { printable } from '../text.ts'
import type { Log } from '../types.ts'
import type { Config } from './config.ts'
import { logLine } from './log-line.ts'

/** Escapes control characters in every text: reasons of cameras and names of files come from outside. */
const onOneLine = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? printable(value) : value]),
  )

/** Characters of entries that wait for stderr; further ones are left out. */
const mostWaiting = 1_000_000

/** A log whose level can be changed. */
export interface LeveledLog extends Log {
  level: string
}

/**
 * Creates a log that writes to stderr, because stdout is for events: sentences on a terminal, otherwise JSON. It
 * writes synchronously, so that the last lines of a process that fails are not lost. `name` is in every entry. What stderr
 * does not take (a full disk) waits, up to `mostWaiting`, and is written with a later entry; nothing is thrown.
 */
export const createLog = (options: Config['log'], name: string): LeveledLog => {
  const isText = options.format === 'text' || (options.format === 'auto' && process.stderr.isTTY)
  const stderr = pino.destination({ dest: 2, sync: true, maxLength: mostWaiting })
  // Without a listener the first error would end the process.
  stderr.on('error', () => undefined)
  const destination = isText ? inSentences(stderr) : stderr
  return pino({ level: options.level, base: { process: name }, formatters: { log: onOneLine } }, destination)
}

/** Writes entries for people. Not as a stream: one that has failed once writes nothing again. */
const inSentences = (to: { write(text: string): unknown }): { write(entry: string): void } => {
  // Loaded when it is asked for, because most processes write JSON.
  const pretty: typeof import('pino-pretty') = createRequire(import.meta.url)('pino-pretty')
  const readable = pretty.prettyFactory({
    hideObject: true,
    messageFormat: logLine,
    translateTime: 'SYS:HH:MM:ss.l',
    colorize: pretty.isColorSupported,
  })
  return { write: (entry) => void to.write(readable(entry)) }
}

/** Hears every warning and error of a log, before it is written. */
export type OnWarning = (level: 'warn' | 'error', fields: object, message: string) => void

/** The same log, of whose warnings and errors `onWarning` hears, whatever its level is. */
export const tapLog = (log: LeveledLog, onWarning: OnWarning): LeveledLog => ({
  get level() {
    return log.level
  },
  set level(level) {
    log.level = level
  },
  debug: (fields, message) => log.debug(fields, message),
  info: (fields, message) => log.info(fields, message),
  warn: (fields, message) => {
    onWarning('warn', fields, message)
    log.warn(fields, message)
  },
  error: (fields, message) => {
    onWarning('error', fields, message)
    log.error(fields, message)
  },
})
