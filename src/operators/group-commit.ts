import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs'
import { type StageTimer, untimed } from './analysed.ts'

/** The log whose events have to be on disk before a value may pass. */
export interface CommitLog {
  /** True while any events are not on disk. */
  readonly hasUncommitted: () => boolean
  /** Writes everything since the last commit in one transaction. Throws what the database throws. */
  readonly commit: () => void
}

/** How long, and how many, values may share one commit. */
export interface GroupCommitOptions {
  /**
   * The most milliseconds that a value waits for others to share its commit. With 0 each value is committed by itself.
   */
  readonly maxWaitMs: number
  /** The most values in one commit. It defaults to 256. */
  readonly maxValues?: number
  readonly scheduler?: SchedulerLike
}

/**
 * Lets a value pass once its events are on disk. Values that arrive within `maxWaitMs` of the first one share a commit.
 *
 *   source   -a--b-c--d---e|    a, c and e have events to commit, b and d have none; maxWaitMs 4
 *   commit   -----x----x---x
 *   output   -----(ab)-(cd)(e|)
 *
 * Values keep their order, so a value without events waits behind one that is not committed yet. The queue holds at
 * most `maxValues`. When a commit fails the output fails with its error, and the values that waited are not emitted.
 */
export const groupCommit =
  <T>(log: CommitLog, options: GroupCommitOptions, timed: StageTimer = untimed): OperatorFunction<T, T> =>
  (source) =>
    new Observable<T>((subscriber) => {
      const { maxWaitMs, maxValues = 256, scheduler = asyncScheduler } = options
      const waiting: T[] = []
      let timer: Subscription | undefined
      let releasing = false

      // A subscriber that gets a value may cause the next one. The flag keeps this loop from running inside itself.
      const release = (): void => {
        if (releasing) return
        releasing = true
        while (waiting.length > 0 && !log.hasUncommitted() && !subscriber.closed) subscriber.next(waiting.shift() as T)
        releasing = false
      }
      const commit = (): void => {
        timer?.unsubscribe()
        timer = undefined
        timed('commit', log.commit)
      }
      const commitAndRelease = (): void => {
        try {
          commit()
        } catch (error) {
          subscriber.error(error)
        }
        release()
      }

      subscriber.add(() => timer?.unsubscribe())
      subscriber.add(
        source.subscribe({
          next: (value) => {
            waiting.push(value)
            if (!log.hasUncommitted()) release()
            else if (maxWaitMs === 0 || waiting.length >= maxValues) commitAndRelease()
            else timer ??= scheduler.schedule(commitAndRelease, maxWaitMs)
          },
          error: (error) => {
            try {
              commit()
              release()
            } catch {
              // The source's error says more. The values that waited are not on disk, so they are not emitted.
            }
            subscriber.error(error)
          },
          complete: () => {
            commitAndRelease()
            subscriber.complete()
          },
        }),
      )
    })
