import { pino } from 'pino'
import pretty from 'pino-pretty'
import { printable } from '../text.ts'
import type { Log } from '../types.ts'
import type { Config } from './config.ts'

/** Reasons of cameras and names of files come from others. */
const onOneLine = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? printable(value) : value]),
  )

/**
 * Everything is logged to stderr, because stdout belongs to events; synchronously, so that the last words of a process
 * that fails are not lost. On a terminal as readable lines, else as JSON.
 */
export const createLog = (options: Config['log'], name: string): Log => {
  const isText = options.format === 'text' || (options.format === 'auto' && process.stderr.isTTY)
  const destination = isText
    ? pretty({ destination: 2, sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' })
    : pino.destination({ dest: 2, sync: true })
  return pino({ level: options.level, base: { process: name }, formatters: { log: onOneLine } }, destination)
}
