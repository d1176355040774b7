import type { RollcallEvent } from '../events/types.ts'

/**
 * A destination of events.
 *
 * `publish` resolves when the sink has taken responsibility: the lines are written, the replay buffer has the events, or the
 * spool has them on disk. It gets one batch at a time, in order, and is not called again before it has settled. The outbox in
 * front of the sink owns the bounded queue, and drops and counts what has no room. A rejection means that these events are
 * lost to this sink; the outbox logs and counts that and goes on.
 */
export interface Sink {
  /** For logs and the `sink` label of metrics. */
  readonly name: string
  publish(events: readonly RollcallEvent[]): Promise<void>
  /** The process is ending: a `publish` that waits for room must stop waiting. */
  finish?(): void
  /** Delivers what the sink has accepted, then frees everything. Idempotent. */
  close(): Promise<void>
}
