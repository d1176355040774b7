import { type ChildProcess, fork } from 'node:child_process'
import { Observable, type SchedulerLike, timer } from 'rxjs'
import type { Log } from '../types.ts'
import type { FromVision, ToVision } from './messages.ts'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type FromSupervised =
  | FromVision
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'died'; readonly exit: Exit; readonly restartInMs: number | null }

export interface Supervised<Start> {
  readonly messages$: Observable<FromSupervised>
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

/** The first restart comes at once-ish; a process that keeps dying is tried every 15 s. A minute alive counts as healthy. */
const restartDelayMs = (failures: number): number => Math.min(15_000, 250 * 2 ** failures)
const HEALTHY_AFTER_MS = 60_000

/**
 * Keeps one vision process alive: a crash of native code on one bad stream must not take the people, the sinks and the
 * other cameras with it. Subscribing forks the child, unsubscribing kills it. Completes when the child has ended in good
 * order, or died and may not be restarted.
 */
export const supervise = <Start>(options: SuperviseOptions<Start>): Supervised<Start> => {
  let child: ChildProcess | undefined
  let stopping = false
  const send = (message: ToVision<Start>): void => {
    // Between a death and the restart there is nobody to tell; the next child hears what matters when it starts.
    if (child?.connected) child.send(message, () => {})
  }

  const messages$ = new Observable<FromSupervised>((subscriber) => {
    let failures = 0
    let fatal = false
    const spawn = (): void => {
      if (stopping) {
        subscriber.complete()
        return
      }
      const startedAt = performance.now()
      // Advanced serialisation carries typed arrays as they are; JSON would turn embeddings into objects.
      const spawned = fork(options.entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      child = spawned
      spawned.on('message', (message: FromVision) => {
        if (message.type === 'fatal') fatal = true
        subscriber.next(message)
      })
      // Without a listener a failed spawn or send would throw; `exit` tells the rest.
      spawned.on('error', (error) =>
        options.log.error({ process: options.name, error: error.message }, 'vision process'),
      )
      spawned.once('exit', (code, signal) => {
        if (subscriber.closed) return
        if (code === 0 || fatal || stopping) {
          subscriber.complete()
          return
        }
        failures = performance.now() - startedAt > HEALTHY_AFTER_MS ? 0 : failures + 1
        const restartInMs = options.restart ? restartDelayMs(failures - 1) : null
        subscriber.next({ type: 'died', exit: { code, signal }, restartInMs })
        if (restartInMs === null) subscriber.complete()
        else subscriber.add(timer(restartInMs, options.scheduler).subscribe(spawn))
      })
      send({ type: 'start', start: options.start })
      if (spawned.pid !== undefined) subscriber.next({ type: 'started', pid: spawned.pid })
    }
    spawn()
    return () => child?.kill('SIGKILL')
  })

  const stop = (): void => {
    stopping = true
    send({ type: 'stop' })
    const last = child
    const kill = setTimeout(() => last?.kill('SIGKILL'), options.stopWithinMs)
    last?.once('exit', () => clearTimeout(kill))
    kill.unref()
  }
  return { messages$, send, stop }
}
