import { Observable, type OperatorFunction } from 'rxjs'

export interface MediaOrder {
  readonly camera: string
  readonly atMs: number
  /** True for a camera's last value. */
  readonly last: boolean
}

/**
 * Merges what several recordings give into one order that depends on their content only, never on which of them was
 * decoded faster: by time, then by camera name.
 *
 *   a's values  -1---4--|
 *   b's values  ---2---5|
 *   output      ---1-2-4(5|)    1 is held until b has shown what it has first
 *
 * A value is held until every camera that has not ended has one waiting, so this is for files, where each producer waits
 * for an acknowledgement and the queue is bounded by that. With live cameras one silent camera would stop all others.
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
            // Cameras that never said goodbye (a process died) must not hold back what the others delivered.
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
