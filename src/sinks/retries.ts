import { describeError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Log } from '../types.ts'
import { type Sink, SinkGone } from './sink.ts'

/** How long and how often it is tried. */
export interface RetryOptions {
  /** A sink that refuses everything for so long is given up; null: never. */
  readonly giveUpAfterMs: number | null
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** Ends all attempts. */
  readonly signal: AbortSignal
  readonly onFailure: (events: readonly RollcallEvent[], error: unknown) => void
  readonly log: Log
}

/** What became of a batch. `gone`: the sink will never take events again, and why. */
export type Outcome = 'taken' | 'stopped' | { readonly gone: unknown }

/** Publishes to one sink until it takes what it is given. */
export interface Retries {
  publish(batch: readonly RollcallEvent[]): Promise<Outcome>
  /** Why the last attempt failed; null when it succeeded. */
  readonly failure: () => string | null
  /** True between two attempts: the sink is not busy. */
  readonly isWaiting: () => boolean
  /** Ends the pause before the next attempt. */
  readonly now: () => void
}

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5000

/** Pauses 100 ms after the first failure, twice as long after each further one, at most 5 s. Logs the first and the end. */
export const createRetries = (sink: Sink, options: RetryOptions): Retries => {
  const { signal, log } = options
  let failure: string | null = null
  /** Between attempts: what ends the pause. */
  let waiting: AbortController | null = null

  const failed = (batch: readonly RollcallEvent[], error: unknown): void => {
    if (failure === null)
      log.error({ sink: sink.name, error: describeError(error) }, 'sink takes no events; they wait for it')
    failure = describeError(error)
    options.onFailure(batch, error)
  }
  const wait = async (ms: number): Promise<void> => {
    waiting = new AbortController()
    await options.pause(ms, AbortSignal.any([signal, waiting.signal]))
    waiting = null
  }
  return {
    publish: async (batch) => {
      let waitedMs = 0
      for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)) {
        try {
          await sink.publish(batch)
          if (failure !== null) log.info({ sink: sink.name }, 'sink takes events again')
          failure = null
          return 'taken'
        } catch (error) {
          if (signal.aborted) break
          failed(batch, error)
          if (error instanceof SinkGone) return { gone: error }
          if (options.giveUpAfterMs !== null && waitedMs >= options.giveUpAfterMs) return { gone: error }
          await wait(retryMs)
          waitedMs += retryMs
        }
      }
      return 'stopped'
    },
    failure: () => failure,
    isWaiting: () => waiting !== null,
    now: () => waiting?.abort(),
  }
}
