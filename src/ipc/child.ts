import { type ChildProcess, fork } from 'node:child_process'
import { asyncScheduler, type SchedulerLike, type Subscription, timer } from 'rxjs'
import type { Log } from '../types.ts'
import type { FromVision, ToVision } from './messages.ts'

/** How a child ended. All three are null when it was lost without a word. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started; null when it ran. */
  readonly failure: string | null
}

/** `was killed by SIGKILL`, `ended with code 1`, `could not be started: spawn node ENOENT`. */
export const describeExit = ({ code, signal, failure }: Exit): string => {
  if (failure !== null) return `could not be started: ${failure}`
  return signal ? `was killed by ${signal}` : `ended with code ${code}`
}

/** A forked process that was told what to work on. */
export interface Child<Start> {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Lost when the child has closed its channel. */
  send(message: ToVision<Start>): void
  /** Asks it to end; kills it when it takes longer than `stopWithinMs`. */
  stop(): void
  /** Kills it at once. */
  kill(): void
}

export interface ChildOptions {
  /** For logs. */
  readonly name: string
  /** How long it may take to end after `stop`, or after it has closed its channel. */
  readonly stopWithinMs: number
  readonly onMessage: (message: FromVision) => void
  /** Called once, after `startChild` has returned, whatever the cause. */
  readonly onDied: (exit: Exit) => void
  readonly log: Log
  readonly scheduler?: SchedulerLike
}

/**
 * Forks `entry` and tells it to start. Never throws: a fork that fails, an exit and a signal all lead to one `onDied`.
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
    // Its exit says that it is gone; what could not be sent says nothing more.
    if (child.connected) child.send(message, () => {})
  }
  child.on('message', options.onMessage)
  child.once('exit', (code, signal) => died({ code, signal, failure: null }))
  // A child without a channel can no longer be asked to end.
  child.once('disconnect', endInTime)
  child.on('error', (error) => {
    // A process that never ran has no exit. One that runs tells the rest by its exit.
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

/** Node emits some failures of a fork and throws others, such as E2BIG: null and `onFailure` for those. */
const forkOrFail = (entry: URL, onFailure: (error: Error) => void): ChildProcess | null => {
  try {
    // Advanced serialisation carries typed arrays as they are; JSON would turn embeddings into objects.
    return fork(entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  } catch (error) {
    onFailure(error as Error)
    return null
  }
}
