import { Observable, type OperatorFunction } from 'rxjs'

/** Where a value belongs in the order of all cameras. */
export interface MediaOrder {
  readonly camera: string
  /** Capture time, milliseconds. */
  readonly atMs: number
  /** True for a camera's last value. */
  readonly last: boolean
}

/**
 * Merges the values of several recordings by time, then by camera name. The order depends on their content only, never
 * on which recording is decoded faster.
 *
 *   a's values  -1---4--|
 *   b's values  ---2---5|
 *   output      ---1-2-4(5|)    1 is held until the first value of b is known
 *
 * A value is held until every camera that has not ended has one waiting. Warning: use it for recordings, whose
 * producers wait for an acknowledgement and so bound the queue. Among live cameras a silent one would stop all others.
 * Fails with an Error on a value of a camera that is not listed or has ended.
 */
export const inTimeOrder =
  <T>(cameras: readonly string[], describe: (value: T) => MediaOrder): OperatorFunction<T, T> =>
  (source) =>
    new Observable<T>((subscriber) => {
      const queues = new Map<string, { value: T; timed: MediaOrder }[]>(
        [...cameras].sort().map((camera) => [camera, []]),
      )

      let sourceDone = false

      const next = (): { value: T; timed: MediaOrder } | undefined => {
        let first: { value: T; timed: MediaOrder } | undefined
        for (const [head] of queues.values()) {
          if (head === undefined) {
            // A camera whose process died has no last value; it must not hold back the others.
            if (sourceDone) continue
            return undefined
          }
          if (first === undefined || head.timed.atMs < first.timed.atMs) first = head
        }
        return first
      }
      const flush = (): void => {
        for (let head = next(); head !== undefined && !subscriber.closed; head = next()) {
          queues.get(head.timed.camera)?.shift()
          if (head.timed.last) queues.delete(head.timed.camera)
          subscriber.next(head.value)
        }
      }

      return source.subscribe({
        next: (value) => {
          const timed = describe(value)
          const queue = queues.get(timed.camera)
          if (queue === undefined) {
            subscriber.error(new Error(`camera "${timed.camera}" is unknown here, or has already ended`))
            return
          }
          queue.push({ value, timed })
          flush()
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          sourceDone = true
          flush()
          subscriber.complete()
        },
      })
    })
