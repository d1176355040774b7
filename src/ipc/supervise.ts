import { asyncScheduler, Observable, type SchedulerLike, timer } from 'rxjs'
import type { Log } from '../types.ts'
import { type Child, type Exit, startChild } from './child.ts'
import type { FromVision, ToVision } from './messages.ts'

/** The messages of a worker, and the starts and ends of its processes. */
export type FromSupervised =
  | FromVision
  | { readonly type: 'started'; readonly pid: number }
  /** A new process is started `restartInMs` from now; null when none is. */
  | { readonly type: 'died'; readonly exit: Exit; readonly restartInMs: number | null }

/** A worker that is kept running. Owned by whoever subscribed to `messages$`. */
export interface Supervised<Start> {
  /** Starts the process on subscription, and has one subscriber. Completes when no process will run again. */
  readonly messages$: Observable<FromSupervised>
  /** Sends a message. It is lost while no process runs; the caller sends it again on `started` when it matters. */
  send(message: ToVision<Start>): void
  /** Asks the process to close its cameras and end, and kills it after `stopWithinMs`. `messages$` completes then. */
  stop(): void
}

/** What is run, and when it is run again. */
export interface SuperviseOptions<Start> {
  /** The module that the process runs. */
  readonly entry: URL
  /** The worker's name in logs. */
  readonly name: string
  readonly start: Start
  /**
   * Whether it is started again after it died. False for recordings, which would be read from their beginning again.
   */
  readonly restart: boolean
  /** How long `stop` may take before the process is killed. */
  readonly stopWithinMs: number
  readonly log: Log
  readonly scheduler?: SchedulerLike
}

/** 250 ms after the first failure, twice as long after each further one, at most 15 s. */
const restartDelayMs = (failures: number): number => Math.min(15_000, 250 * 2 ** (failures - 1))
/** A process that lived longer than this was healthy: its end counts as a first failure. */
const HEALTHY_AFTER_MS = 60_000

/**
 * Keeps one worker running. Native code may crash on one bad stream; the people, the sinks and the other workers must
 * survive.
 *
 *   subscribe → running → died → waiting → running …
 *                  |                |
 *                  stop             stop
 *                  ↓                ↓
 *               stopping → over ← ──┘
 *
 * A process that cannot be forked counts as one that died. `messages$` completes when the process has ended with code
 * 0, has sent `fatal`, has died and may not be restarted, or was stopped. Unsubscribing kills the process.
 */
export const supervise = <Start>(options: SuperviseOptions<Start>): Supervised<Start> => {
  const scheduler = options.scheduler ?? asyncScheduler
  /** Null while no process runs. */
  let child: Child<Start> | null = null
  let isStopping = false
  /** Completes `messages$` while a restart is waited for. */
  let onStopWaiting = (): void => {}

  const messages$ = new Observable<FromSupervised>((subscriber) => {
    let failures = 0
    let isFatal = false

    const run = (): void => {
      const startedAtMs = scheduler.now()
      child = startChild(options.entry, options.start, {
        ...options,
        onMessage: (message) => {
          isFatal ||= message.type === 'fatal'
          subscriber.next(message)
        },
        onDied: (exit) => died(exit, scheduler.now() - startedAtMs),
      })
      if (child.pid !== undefined) subscriber.next({ type: 'started', pid: child.pid })
    }

    const died = (exit: Exit, livedMs: number): void => {
      child = null
      const isOver = exit.code === 0 || isFatal || isStopping
      failures = livedMs > HEALTHY_AFTER_MS ? 1 : failures + 1
      const restartInMs = options.restart ? restartDelayMs(failures) : null
      if (!isOver) subscriber.next({ type: 'died', exit, restartInMs })
      if (isOver || restartInMs === null) subscriber.complete()
      else subscriber.add(timer(restartInMs, scheduler).subscribe(run))
    }

    onStopWaiting = () => subscriber.complete()
    if (isStopping) subscriber.complete()
    else run()
    return () => child?.kill()
  })

  return {
    messages$,
    send: (message) => child?.send(message),
    stop: () => {
      isStopping = true
      if (child) child.stop()
      else onStopWaiting()
    },
  }
}
