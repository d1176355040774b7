import type { LeveledLog } from '../../src/config/log.ts'
import { silent } from '../../src/silent-log.ts'

/**
 * What a log says when a vision process is started again, when one camera gets another process, and when a camera that
 * seemed to stand still is opened again. All three mend what went wrong: a test passes, only later.
 */
const mended = /vision process [^"]*; a new one starts|a camera is stuck|"CAMERA_STALLED".*"camera offline"/

/** The lines of a log that say so. */
export const restartsIn = (log: string): readonly string[] => log.split('\n').filter((line) => mended.test(line))

/** How many restarts of one site are no fault. */
export interface Restarts {
  /** So many more will come: the test kills a process, or takes a camera away. */
  expect(count: number): void
}

interface Site {
  readonly log: () => string
  expected: number
}

const sites: Site[] = []

/** Looks after a site until the end of the test file, by what it has logged so far. None of its restarts is expected. */
export const watchRestarts = (log: () => string): Restarts => {
  const site: Site = { log, expected: 0 }
  sites.push(site)
  return {
    expect: (count) => {
      site.expected += count
    },
  }
}

/** A log for a site in this process: nobody reads it, and it is looked after. */
export const watchedLog = (): LeveledLog & { readonly restarts: Restarts } => {
  const lines: string[] = []
  const keep = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, msg: message }))
  return { ...silent, level: 'silent', warn: keep, error: keep, restarts: watchRestarts(() => lines.join('\n')) }
}

/** The lines of those sites that had more restarts than expected. Forgets all sites. */
export const unexpectedRestarts = (): readonly string[] =>
  sites.splice(0).flatMap(({ log, expected }) => {
    const lines = restartsIn(log())
    return lines.length > expected ? lines : []
  })
