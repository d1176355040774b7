import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs'
import { type StageTimer, untimed } from './analysed.ts'

/** What has to be on disk before a value may leave. */
export interface CommitLog {
  /** True while a value's events are not on disk. */
  readonly hasUncommitted: () => boolean
  /** Writes everything since the last commit in one transaction. Throws when the disk refuses. */
  readonly commit: () => void
}

export interface GroupCommitOptions {
  /** Most milliseconds that a value waits for others to share its commit; 0: each value is committed by itself. */
  readonly maxWaitMs: number
  /** Most values of a group. It defaults to 256. */
  readonly maxValues?: number
  readonly scheduler?: SchedulerLike
}

/**
 * Lets a value pass once its events are on disk. Values that come within `maxWaitMs` of the first share one commit.
 *
 *   source   -a--b-c--d---e|    a, c and e have events to commit, b and d have none; maxWaitMs 4
 *   commit   -----x----x---x
 *   output   -----(ab)-(cd)(e|)
 *
 * Values keep their order, so those behind an uncommitted one wait too. With nothing uncommitted a value passes at once.
 * The queue is bounded by `maxValues`. A failed commit is an error of the output; the values that waited are not sent.
 */
export const groupCommit =
  <T>(log: CommitLog, options: GroupCommitOptions, timed: StageTimer = untimed): OperatorFunction<T, T> =>
  (source) =>
    new Observable<T>((subscriber) => {
      const { maxWaitMs, maxValues = 256, scheduler = asyncScheduler } = options
      const waiting: T[] = []
      let timer: Subscription | undefined
      let releasing = false

      // A loop that is never entered twice: whoever gets a value may cause the next one.
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
              // The first error says more, and what waited is not on disk.
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
