import { concatMap, type OperatorFunction } from 'rxjs'
import type { RollcallEvent } from '../events/types.ts'

/**
 * Hands the events of each value to every outbox, and passes the value on once all have taken them.
 *
 *   source  -a-b-c---|
 *   push     (--)         an outbox that is full takes its time
 *   output  ---a-b-c-|    in order, each after its events are safe with every sink
 *
 * The queue of `concatMap` has no bound of its own. The credit window bounds it: a record is acknowledged to its vision
 * process only after it has come out of this operator.
 */
export const publishTo = <T extends { readonly events: readonly RollcallEvent[] }>(
  outboxes: readonly { push(events: readonly RollcallEvent[]): Promise<void> }[],
): OperatorFunction<T, T> =>
  concatMap(async (value) => {
    if (value.events.length > 0) await Promise.all(outboxes.map((outbox) => outbox.push(value.events)))
    return value
  })
