import type { OnWarning } from '../../config/log.ts'
import { logLine } from '../../config/log-line.ts'
import { redactUrl } from '../../errors.ts'
import type { LoggedWarning } from '../../server/system-answers.ts'

/** The last warnings and errors of all processes. */
export interface RecentLog {
  readonly note: OnWarning
  /** Newest first. */
  all(): readonly LoggedWarning[]
}

const KEPT = 100
const LONGEST = 1000

/** Keeps the last hundred, without secrets. `nowMs` is the wall clock. */
export const createRecentLog = (nowMs: () => number): RecentLog => {
  const kept: LoggedWarning[] = []
  return {
    note: (level, fields, message) => {
      const { process = 'main', camera = null, ...rest } = fields as { process?: string; camera?: string | null }
      const text = redactUrl(logLine({ ...rest, ...(camera !== null && { camera }), msg: message })).slice(0, LONGEST)
      kept.push({ atMs: nowMs(), level, process, camera, text })
      if (kept.length > KEPT) kept.shift()
    },
    all: () => kept.toReversed(),
  }
}
