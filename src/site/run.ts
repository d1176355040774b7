import { lastValueFrom } from 'rxjs'
import type { Config } from '../config/config.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../types.ts'
import type { PlacedList } from './cameras/cameras-elsewhere.ts'
import { createHealth, type Health } from './health.ts'
import { openSite } from './open-site.ts'
import { readiness } from './readiness.ts'
import { type Reloaded, reload } from './reload.ts'
import type { RunOptions } from './run-options.ts'
import { siteFlow } from './site-flow.ts'
import type { Status } from './status.ts'

/** A running site. It runs until `stop`, or to the end of its recordings. */
export interface Run {
  /** Where the viewer is; null when HTTP is off. */
  readonly url: string | null
  readonly status: () => Status
  /** For a watchdog. */
  readonly health: Health
  /** Process IDs of the vision processes, by name. */
  readonly vision: ReadonlyMap<string, number>
  /** Takes over what can change while it runs, and opens the events file again. Rejects when something cannot be used. */
  readonly reload: (next: Config) => Promise<Reloaded>
  /** Stops the cameras; then sinks, server and store are closed, and `done` resolves. */
  stop(): void
  /**
   * Rejects when a worker cannot work at all (no model, no addon), when a commit fails, or when a sink cannot be
   * closed.
   */
  readonly done: Promise<void>
  /** Added and paused cameras, where Kafka places them; null where this site's own processes open them. */
  readonly placed: PlacedList | null
}

/**
 * Starts the whole system; this process becomes the identity process of the site. Throws what its parts throw (STATE,
 * MODEL_MISSING, SINK, HTTP_LISTEN, …); then nothing is left open and no vision process was started.
 */
export const startRun = async (config: Config, options: RunOptions): Promise<Run> => {
  await using opening = new AsyncDisposableStack()
  const site = await openSite(config, options, opening)
  const { status, state, outputs, end } = site
  const owned = opening.move()
  const over = lastValueFrom(siteFlow(config, options, site), { defaultValue: null })
  // Vision processes open what their own file says, unless Kafka places cameras.
  const mayChange = !options.untilEnd && (options.seam === undefined || config.seam.cameraSlots !== null)
  return {
    url: outputs.url,
    status: status.now,
    health: createHealth({
      url: outputs.url,
      read: () => site.store?.eventLog.after(0, 1),
      vision: () => readiness(site.pool.workers(), state, config.vision.hangAfterMs),
      elapsedMs: () => performance.now(),
    }),
    vision: state.running,
    reload: (next) => reload({ ...site, cameras: mayChange ? site.cameras : null }, config, next),
    stop: end.stop,
    placed: site.placed,
    done: closeAfter(over, owned, options.log).then(() => {
      const error = end.fatal.at(-1)
      if (error) throw error
    }),
  }
}

/** Closes everything once `work` is over. When both fail, rejects with the failure of `work`. */
const closeAfter = async (work: Promise<unknown>, owned: AsyncDisposableStack, log: Log): Promise<void> => {
  const [worked] = await Promise.allSettled([work])
  const [closed] = await Promise.allSettled([owned.disposeAsync()])
  if (worked.status === 'fulfilled' && closed.status === 'rejected') throw closed.reason
  if (closed.status === 'rejected') log.error({ error: describeError(closed.reason) }, 'not everything could be closed')
  if (worked.status === 'rejected') throw worked.reason
}
