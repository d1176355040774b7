import { asyncScheduler, Observable, type SchedulerLike, timer } from 'rxjs'
import type { Log } from '../types.ts'
import { type Child, type Exit, startChild } from './child.ts'
import type { FromVision, ToVision } from './messages.ts'

/** What a vision process says, and what becomes of it. */
export type FromSupervised =
  | FromVision
  | { readonly type: 'started'; readonly pid: number }
  /** `restartInMs` from now a new one is started; null: never. */
  | { readonly type: 'died'; readonly exit: Exit; readonly restartInMs: number | null }

export interface Supervised<Start> {
  /** For one subscriber. */
  readonly messages$: Observable<FromSupervised>
  /** Lost while no process runs: the next one hears what matters when it starts. */
  send(message: ToVision<Start>): void
  /** Asks the process to close its cameras and end; kills it when it takes too long. `messages$` completes then. */
  stop(): void
}

export interface SuperviseOptions<Start> {
  /** The vision process's entry file. */
  readonly entry: URL
  /** For logs. */
  readonly name: string
  readonly start: Start
  /** Start it again after it died. False for recordings: they would be read from their beginning again. */
  readonly restart: boolean
  /** How long `stop` may take before the process is killed. */
  readonly stopWithinMs: number
  readonly log: Log
  readonly scheduler?: SchedulerLike
}

/** The first restart comes at once-ish; a process that keeps dying is tried every 15 s. */
const restartDelayMs = (failures: number): number => Math.min(15_000, 250 * 2 ** (failures - 1))
/** Whatever lives so long is healthy: its next death is a first one. */
const HEALTHY_AFTER_MS = 60_000

/**
 * Keeps one vision process alive: a crash of native code on one bad stream must not take the people, the sinks and the
 * other cameras with it.
 *
 *   subscribe → running → died → waiting → running …
 *                  |                |
 *                  stop             stop
 *                  ↓                ↓
 *               stopping → over ← ──┘
 *
 * A process that cannot be forked counts as one that died. Over, and `messages$` complete, also when the process has ended
 * in good order, has said that it cannot work at all, or died and may not be restarted. Unsubscribing kills the process.
 */
export const supervise = <Start>(options: SuperviseOptions<Start>): Supervised<Start> => {
  const scheduler = options.scheduler ?? asyncScheduler
  /** Null while none runs. */
  let child: Child<Start> | null = null
  let isStopping = false
  /** Ends the wait for a restart. */
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
