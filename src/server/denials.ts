import type { Metrics } from '../metrics.ts'
import type { Log } from '../types.ts'

/** Why a request was denied: the values of the label `reason` of `rollcall_http_denied_total`. */
export type Denial =
  | 'host'
  | 'origin'
  | 'proxy'
  | 'token'
  | 'ticket'
  | 'scope'
  | 'rate'
  | 'connections'
  | 'clients'
  | 'malformed'
  | 'too-big'

/** Counts and logs denied requests. */
export interface Denials {
  /** `fields` must not hold a token, a ticket or a query. */
  deny(
    reason: Denial,
    fields: {
      readonly requestId?: string
      readonly address: string | undefined
      readonly path?: string
      readonly why?: string
    },
  ): void
  /** Logs the number of denials that were not logged one by one, and stops. */
  close(): void
}

/** A flood of requests must not flood the log. */
const linesPerPeriod = 10
const periodMs = 10_000

/** Counts every denied request. Logs ten of one reason in ten seconds one by one, and the others as a number. */
export const createDenials = (metrics: Pick<Metrics, 'httpDenied'>, log: Log): Denials => {
  const counts = new Map<Denial, number>()
  const flush = (): void => {
    for (const [reason, count] of counts) {
      const more = count - linesPerPeriod
      if (more > 0) log.warn({ reason, more }, 'requests were denied that are not listed one by one')
    }
    counts.clear()
  }
  const timer = setInterval(flush, periodMs).unref()
  return {
    deny: (reason, fields) => {
      metrics.httpDenied.inc({ reason })
      const count = (counts.get(reason) ?? 0) + 1
      counts.set(reason, count)
      if (count <= linesPerPeriod) log.warn({ reason, ...fields }, 'request denied')
    },
    close: () => {
      clearInterval(timer)
      flush()
    },
  }
}
