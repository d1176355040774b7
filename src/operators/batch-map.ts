import { defer, Observable, type ObservableInput, type OperatorFunction } from 'rxjs'
import { createTurns } from './turns.ts'

/** How `batchMap` collects values. */
export interface BatchOptions<T> {
  /** The most values in one batch. */
  readonly maxBatch: number
  /** The most values that wait. One more drops the one that has waited longest. */
  readonly capacity: number
  /**
   * A value replaces a waiting one of the same key, and takes its place in the queue. Every key has as many turns. By
   * default each value is its own key, and the one that has waited longest is the next.
   */
  readonly key?: (value: T) => unknown
  /** Called for each value that never reaches `project`, so that its owner can count and release it. */
  readonly onDrop?: (value: T) => void
}

/**
 * Collects values into batches and maps each batch, one in flight at a time.
 *
 *   source   -a-b-c-d-e|          maxBatch 2, capacity 2
 *   project   (--r|)              two frames a batch
 *   output   ---x--y--z|          x = r(a), y = r(b,c), z = r(d,e)
 *
 * An observable cannot ask a camera to slow down, so the queue is here, in front of the slow stage. While nothing is in
 * flight a value is mapped at once; otherwise it waits.
 *
 * Warning: what `project` returns has to complete, or nothing is mapped again.
 */
export const batchMap =
  <T, R>(project: (batch: readonly T[]) => ObservableInput<R>, options: BatchOptions<T>): OperatorFunction<T, R> =>
  (source) =>
    new Observable<R>((subscriber) => {
      const { maxBatch, onDrop = () => {} } = options
      const waiting = createWaiting(options)
      let inFlight = false
      let pumping = false
      let sourceDone = false

      // A loop rather than recursion: a project that answers synchronously must not grow the stack.
      const pump = (): void => {
        if (pumping) return
        pumping = true
        while (!inFlight && waiting.size() > 0 && !subscriber.closed) {
          inFlight = true
          const batch = waiting.take(maxBatch)
          const answer = defer(() => project(batch)).subscribe({
            next: (result) => subscriber.next(result),
            error: (error) => subscriber.error(error),
            complete: () => {
              inFlight = false
              pump()
            },
          })
          subscriber.add(answer)
        }
        pumping = false
        if (sourceDone && !inFlight && waiting.size() === 0) subscriber.complete()
      }

      subscriber.add(() => {
        for (const value of waiting.takeAll()) onDrop(value)
      })
      subscriber.add(
        source.subscribe({
          next: (value) => {
            for (const dropped of waiting.add(value)) onDrop(dropped)
            pump()
          },
          error: (error) => subscriber.error(error),
          complete: () => {
            sourceDone = true
            pump()
          },
        }),
      )
    })

/** The values that wait for a batch: at most one of a key, and at most `capacity`. */
const createWaiting = <T>(options: BatchOptions<T>) => {
  const { capacity, key = (value) => value } = options
  const waiting = new Map<unknown, T>()
  // Only keys come again: values that are their own key would be remembered for ever.
  const turns = options.key === undefined ? null : createTurns<unknown>()
  return {
    size: () => waiting.size,
    take: (most: number): readonly T[] => {
      const names = [...waiting.keys()]
      const batch = (turns?.order(names) ?? names).slice(0, most)
      return batch.map((name) => {
        const value = waiting.get(name) as T
        waiting.delete(name)
        turns?.served(name)
        return value
      })
    },
    takeAll: (): readonly T[] => {
      const left = [...waiting.values()]
      waiting.clear()
      return left
    },
    /** Returns the values that gave way. */
    add: (value: T): readonly T[] => {
      const name = key(value)
      const older = waiting.get(name)
      if (older !== undefined) {
        waiting.set(name, value)
        return older === value ? [] : [older]
      }
      const [longest] = waiting.size >= capacity ? waiting : []
      if (longest) waiting.delete(longest[0])
      waiting.set(name, value)
      return longest ? [longest[1]] : []
    },
  }
}
