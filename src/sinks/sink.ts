import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'

/**
 * A destination of events.
 *
 * `publish` resolves when the sink has taken responsibility: the lines are written, the replay buffer has the events, or the
 * spool has them on disk. It gets one batch at a time, in order, and is not called again before it has settled. The outbox in
 * front of the sink owns the bounded queue, and drops and counts what has no room. After a rejection the outbox publishes the
 * same batch again, the same array, until the sink has it; after `SinkGone` nothing more.
 */
export interface Sink {
  /** For logs and the `sink` label of metrics. */
  readonly name: string
  publish(events: readonly RollcallEvent[]): Promise<void>
  /** The process is ending: a `publish` that waits for room must stop waiting. */
  finish?(): void
  /** Opens its file again, because somebody may have moved it. Rejects when that fails; the sink then goes on as before. */
  reopen?(): Promise<void>
  /** Frees everything; what `publish` has accepted is delivered before. Does not wait for a `publish` under way. Idempotent. */
  close(): Promise<void>
}

/** The SINK error of a destination that will never take anything again: the reader of stdout has ended. */
export class SinkGone extends RollcallError {
  constructor(message: string, options: { readonly remedy: string; readonly cause: unknown }) {
    super('SINK', message, options)
  }
}
