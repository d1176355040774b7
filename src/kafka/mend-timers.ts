/**
 * Mends a fault of kafkajs 2.2.4; import it wherever kafkajs is used.
 *
 * Each answer of a broker that does not throttle makes kafkajs set a timer in the past. Node prints a
 * `TimeoutNegativeWarning` then, and the timer sets itself anew a thousand times a second for as long as the connection
 * lasts. With requests that wait the timer is right; without, there is nothing to look at later.
 */
import { createRequire } from 'node:module'

/** What kafkajs keeps of the requests of one connection. */
export interface RequestQueue {
  readonly pending: readonly unknown[]
  checkPendingRequests(): void
  scheduleCheckPendingRequests: (this: RequestQueue) => void
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue
}

const schedule = prototype.scheduleCheckPendingRequests
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this)
}
