import { type ChildProcess, fork } from 'node:child_process'
import { asyncScheduler, type SchedulerLike, type Subscription, timer } from 'rxjs'
import type { Log } from '../types.ts'
import type { FromVision, ToVision } from './messages.ts'

/** How a child ended. All three are null when Node reported neither a code nor a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started; null when it ran. */
  readonly failure: string | null
}

/** For people: `was killed by SIGKILL`, `ended with code 1`, `could not be started: spawn node ENOENT`. */
export const describeExit = ({ code, signal, failure }: Exit): string => {
  if (failure !== null) return `could not be started: ${failure}`
  return signal ? `was killed by ${signal}` : `ended with code ${code}`
}

/** A forked process that was told what to work on. Owned by whoever started it, who calls `stop` or `kill`. */
export interface Child<Start> {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Sends a message. It is lost when the child has closed its channel. */
  send(message: ToVision<Start>): void
  /** Asks the child to end, and kills it after `stopWithinMs`. */
  stop(): void
  /** Kills the child at once (SIGKILL). */
  kill(): void
}

/** How a child is named, stopped and listened to. */
export interface ChildOptions {
  /** The process's name in logs. */
  readonly name: string
  /** How long the child may take to end after `stop`, or after it has closed its channel, before it is killed. */
  readonly stopWithinMs: number
  readonly onMessage: (message: FromVision) => void
  /** Called once when the child has ended, for whatever reason. Never called before `startChild` has returned. */
  readonly onDied: (exit: Exit) => void
  readonly log: Log
  readonly scheduler?: SchedulerLike
}

/**
 * Forks `entry` and sends it `start`. Never throws: a fork that fails, an exit and a signal all lead to one call of
 * `onDied`.
 */
export const startChild = <Start>(entry: URL, start: Start, options: ChildOptions): Child<Start> => {
  let isDead = false
  let limit: Subscription | undefined
  const died = (exit: Exit): void => {
    if (isDead) return
    isDead = true
    limit?.unsubscribe()
    options.onDied(exit)
  }
  const failed = (error: Error): void => died({ code: null, signal: null, failure: error.message })

  const child = forkOrFail(entry, (error) => process.nextTick(failed, error))
  if (child === null) return { pid: undefined, send: () => {}, stop: () => {}, kill: () => {} }

  const kill = (): void => void child.kill('SIGKILL')
  const endInTime = (): void => {
    if (!isDead) limit ??= timer(options.stopWithinMs, options.scheduler ?? asyncScheduler).subscribe(kill)
  }
  const send = (message: ToVision<Start>): void => {
    // The callback ignores the error: `exit` reports that the child is gone.
    if (child.connected) child.send(message, () => {})
  }
  child.on('message', options.onMessage)
  child.once('exit', (code, signal) => died({ code, signal, failure: null }))
  // A child without a channel can no longer be asked to end.
  child.once('disconnect', endInTime)
  child.on('error', (error) => {
    // A process that never ran emits no `exit`. For one that ran, `exit` follows.
    if (child.pid === undefined) failed(error)
    else options.log.error({ process: options.name, error: error.message }, 'vision process')
  })
  send({ type: 'start', start })
  return {
    pid: child.pid,
    send,
    stop: () => {
      send({ type: 'stop' })
      endInTime()
    },
    kill,
  }
}

/**
 * Returns null and calls `onFailure` when `fork` throws (E2BIG, for example). Other failures are emitted as `error`.
 */
const forkOrFail = (entry: URL, onFailure: (error: Error) => void): ChildProcess | null => {
  try {
    // Advanced serialisation carries typed arrays as they are; JSON would turn embeddings into objects.
    return fork(entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  } catch (error) {
    onFailure(error as Error)
    return null
  }
}
