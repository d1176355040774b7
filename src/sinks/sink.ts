import type { RollcallEvent } from '../types.ts'

/**
 * Somewhere events go.
 *
 * `publish` resolves when the sink has taken responsibility: the lines are written, the broker has acknowledged, or the
 * spool has them on disk. It is called with one batch at a time, in order, and not again before it has resolved: the
 * caller owns the bounded queue in front (see `publishTo`), and what has to be dropped there is dropped and counted
 * there. A rejection means that these events are lost to this sink; the caller logs and counts it and goes on.
 */
export interface Sink {
  /** For logs and the `sink` label of metrics. */
  readonly name: string
  publish(events: readonly RollcallEvent[]): Promise<void>
  /** No more will come than what waits already: a `publish` that waits for room must not wait any longer. */
  finish?(): void
  /** Delivers what it has accepted, then frees everything. Idempotent. */
  close(): Promise<void>
}
