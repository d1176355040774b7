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
  /** How long the process has sent nothing, milliseconds; 0 while none runs. */
  silentMs(): number
  /** Kills the process as one that hangs, for a reason that people read. A new one starts. */
  kill(why: string): void
  /** Ends the process in good order and starts a new one, with what `start` gives then. Says nothing of a death. */
  restart(): void
  /** Asks the process to close its cameras and end, and kills it after `stopWithinMs`. `messages$` completes then. */
  stop(): void
}

/** What is run, and when it is run again. */
export interface SuperviseOptions<Start> {
  /** The module that the process runs. */
  readonly entry: URL
  /** The worker's name in logs. */
  readonly name: string
  /** What each new process is told. */
  readonly start: () => Start
  /**
   * Called when the process died: milliseconds until a new one starts, null for none. `backoffMs` is 250 ms after the
   * first death and grows. `livedMs` is how long the process ran.
   */
  readonly next: (exit: Exit, backoffMs: number, livedMs: number) => number | null
  /** How long `stop` may take before the process is killed. */
  readonly stopWithinMs: number
  /** How long a process may send nothing before it is taken for hung, killed and replaced. */
  readonly hangAfterMs: number
  readonly log: Log
  readonly scheduler?: SchedulerLike
}

/** 250 ms after the first failure, twice as long after each further one, at most 15 s. */
const restartDelayMs = (failures: number): number => Math.min(15_000, 250 * 2 ** (failures - 1))
/** A process that lived longer than this was healthy: its end counts as a first failure. */
export const HEALTHY_AFTER_MS = 60_000

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
 * A process that cannot be forked or that hangs counts as one that died. `messages$` completes when the process has
 * ended with code 0 or after `done`, has sent `fatal`, has died and `next` gave null, or was stopped. Unsubscribing
 * kills the process.
 */
export const supervise = <Start>(options: SuperviseOptions<Start>): Supervised<Start> => {
  const scheduler = options.scheduler ?? asyncScheduler
  // The wall clock may jump; a virtual one does not.
  const elapsedMs = options.scheduler ? () => scheduler.now() : () => performance.now()
  /** Null while no process runs. */
  let child: Child<Start> | null = null
  let isStopping = false
  let isRestarting = false
  /** Completes `messages$` while a restart is waited for. */
  let onStopWaiting = (): void => {}

  const messages$ = new Observable<FromSupervised>((subscriber) => {
    let failures = 0
    let isOver = false

    const run = (): void => {
      const startedAtMs = elapsedMs()
      isRestarting = false
      child = startChild(options.entry, options.start(), {
        ...options,
        onMessage: (message) => {
          isOver ||= message.type === 'fatal' || message.type === 'done'
          subscriber.next(message)
        },
        onDied: (exit) => died(exit, elapsedMs() - startedAtMs),
      })
      if (child.pid !== undefined) subscriber.next({ type: 'started', pid: child.pid })
    }
    const runIn = (ms: number): void => subscriber.add(timer(ms, scheduler).subscribe(run))

    const died = (exit: Exit, livedMs: number): void => {
      child = null
      if (isRestarting && !isStopping) {
        runIn(0)
        return
      }
      if (isStopping || exit.code === 0 || isOver) {
        subscriber.complete()
        return
      }
      failures = livedMs > HEALTHY_AFTER_MS ? 1 : failures + 1
      const restartInMs = options.next(exit, restartDelayMs(failures), livedMs)
      subscriber.next({ type: 'died', exit, restartInMs })
      if (restartInMs === null) subscriber.complete()
      else runIn(restartInMs)
    }

    onStopWaiting = () => subscriber.complete()
    if (isStopping) subscriber.complete()
    else run()
    return () => child?.kill()
  })

  return {
    messages$,
    send: (message) => child?.send(message),
    silentMs: () => child?.silentMs() ?? 0,
    kill: (why) => child?.kill(why),
    restart: () => {
      if (child === null || isStopping) return
      isRestarting = true
      child.stop()
    },
    stop: () => {
      isStopping = true
      if (child) child.stop()
      else onStopWaiting()
    },
  }
}
