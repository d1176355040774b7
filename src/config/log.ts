import { pino } from 'pino'
import pretty from 'pino-pretty'
import { printable } from '../text.ts'
import type { Log } from '../types.ts'
import type { Config } from './config.ts'

/** Escapes control characters in every text: reasons of cameras and names of files come from outside. */
const onOneLine = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? printable(value) : value]),
  )

/** A log whose level can be changed. */
export interface LeveledLog extends Log {
  level: string
}

/**
 * Creates a log that writes to stderr, because stdout is for events: readable lines on a terminal, otherwise JSON. It
 * writes synchronously, so that the last lines of a process that fails are not lost. `name` is in every entry.
 */
export const createLog = (options: Config['log'], name: string): LeveledLog => {
  const isText = options.format === 'text' || (options.format === 'auto' && process.stderr.isTTY)
  const destination = isText
    ? pretty({ destination: 2, sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' })
    : pino.destination({ dest: 2, sync: true })
  return pino({ level: options.level, base: { process: name }, formatters: { log: onOneLine } }, destination)
}
