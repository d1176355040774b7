import type { LeveledLog } from '../../src/config/log.ts'
import { silent } from '../../src/silent-log.ts'

/**
 * What a log says when a vision process is started again, and when a camera or a recording that stands still gets another
 * process. Both mend what went wrong: a test passes, only later. That a camera is opened again is not looked at: those of
 * tests play in the process of the test, and stand still with it on a busy machine.
 */
const mended = /vision process [^"]*; a new one starts|a camera is stuck/

/** The restarts of one site. */
export interface Restarts {
  /** Those whose line in the log matches are no fault: the test is their cause. */
  expect(line: RegExp): void
  /** The lines of the log that say of one. */
  lines(): readonly string[]
}

const unexpected = new Set<() => readonly string[]>()

/** Looks after a site until the end of the test file, by what it has logged so far. No restart is expected. */
export const watchRestarts = (log: () => string): Restarts => {
  const expected: RegExp[] = []
  const lines = (): string[] =>
    log()
      .split('\n')
      .filter((line) => mended.test(line))
  unexpected.add(() => lines().filter((line) => !expected.some((each) => each.test(line))))
  return { expect: (line) => void expected.push(line), lines }
}

/** A log for a site in this process: nobody reads it, and the site is looked after. */
export const watchedLog = (): LeveledLog & { readonly restarts: Restarts } => {
  const lines: string[] = []
  const keep = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, msg: message }))
  return { ...silent, level: 'silent', error: keep, restarts: watchRestarts(() => lines.join('\n')) }
}

/** The lines that say of a restart that no test expects. Looks after no site any more. */
export const unexpectedRestarts = (): readonly string[] => {
  const lines = [...unexpected].flatMap((linesOf) => linesOf())
  unexpected.clear()
  return lines
}
