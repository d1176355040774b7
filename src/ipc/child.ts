import { type ChildProcess, fork } from 'node:child_process'
import { asyncScheduler, interval, type SchedulerLike, Subscription, timer } from 'rxjs'
import type { Log } from '../types.ts'
import { mainThread } from './main-thread.ts'
import { BEAT_EVERY_MS, type FromVision, type ToVision } from './messages.ts'
import { createSilence } from './silence.ts'

/** How a child ended. All are null when Node reported neither a code nor a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started; null when it ran. */
  readonly failure: string | null
  /** Why it was taken for hung and killed; null when it ended by itself, or somebody else killed it. */
  readonly hung: string | null
  /** Whether somebody had stopped it (SIGSTOP) when it was taken for hung. */
  readonly isStopped: boolean
}

/** For people: `was killed by SIGKILL`, `ended with code 1`, `did not answer for 20 s`, `could not be started: …`. */
export const describeExit = ({ code, signal, failure, hung }: Exit): string => {
  if (failure !== null) return `could not be started: ${failure}`
  if (hung !== null) return hung
  return signal ? `was killed by ${signal}` : `ended with code ${code}`
}

/** A forked process that was told what to work on. Owned by whoever started it, who calls `stop` or `kill`. */
export interface Child<Start> {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Sends a message. It is lost when the child has closed its channel. */
  send(message: ToVision<Start>): void
  /** How long it has sent nothing, milliseconds. */
  silentMs(): number
  /** Asks the child to end, and kills it after `stopWithinMs`. */
  stop(): void
  /** Kills the child at once (SIGKILL). With a reason it counts as hung. */
  kill(hung?: string): void
}

/** How a child is named, watched, stopped and listened to. */
export interface ChildOptions {
  /** The process's name in logs. */
  readonly name: string
  /** How long the child may take to end after `stop`, or after it has closed its channel, before it is killed. */
  readonly stopWithinMs: number
  /** How long it may send nothing before it is taken for hung and killed; see `createSilence`. */
  readonly hangAfterMs: number
  readonly onMessage: (message: FromVision) => void
  /** Called once when the child has ended, for whatever reason. Never called before `startChild` has returned. */
  readonly onDied: (exit: Exit) => void
  readonly log: Log
  readonly scheduler?: SchedulerLike
}

/** The kernel keeps a killed process that waits for a broken disk or device. It is given up after this time. */
const GONE_WITHIN_MS = 10_000

const noChild = { pid: undefined, send: () => {}, silentMs: () => 0, stop: () => {}, kill: () => {} }

/**
 * Forks `entry` and sends it `start`. Never throws: a fork that fails, an exit, a signal and a process that hangs all
 * lead to one call of `onDied`.
 */
export const startChild = <Start>(entry: URL, start: Start, options: ChildOptions): Child<Start> => {
  const scheduler = options.scheduler ?? asyncScheduler
  const end = createEnd(options.onDied)
  const failed = (error: Error): void => end.died({ code: null, signal: null, failure: error.message })
  const child = forkOrFail(entry, (error) => process.nextTick(failed, error))
  if (child === null) return noChild

  const silence = createSilence(options.hangAfterMs, () => mainThread(child.pid ?? 0))
  const { kill, endInTime } = killing(child, end, options, scheduler)
  const send = (message: ToVision<Start>): void => {
    try {
      // The callback ignores the error: `exit` reports that the child is gone.
      if (child.connected) child.send(message, () => {})
    } catch (error) {
      options.log.error({ process: options.name, error: (error as Error).message }, 'vision process cannot be told')
      kill()
    }
  }
  child.on('message', (message: FromVision) => {
    // The rest of a dead child's messages. Whoever waits for them gets them from the next process.
    if (end.isDead) return
    silence.heard(message)
    // What follows only frees memory: a decoder that never returns must not keep the process.
    if (message.type === 'done') endInTime()
    options.onMessage(message)
  })
  child.once('exit', (code, signal) => end.died({ code, signal, failure: null }))
  // A child without a channel can no longer be asked to end.
  child.once('disconnect', endInTime)
  child.on('error', (error) => {
    // A process that never ran emits no `exit`. For one that ran, `exit` follows.
    if (child.pid === undefined) failed(error)
    else options.log.error({ process: options.name, error: error.message }, 'vision process')
  })
  const look = (): void => {
    if (isHung(end, silence, child)) kill()
  }
  end.timers.add(interval(BEAT_EVERY_MS, scheduler).subscribe(look))
  send({ type: 'start', start })
  return {
    pid: child.pid,
    send,
    silentMs: () => silence.silentMs(),
    stop: () => {
      send({ type: 'stop' })
      endInTime()
    },
    kill: (why) => {
      end.hung ??= why ?? null
      kill()
    },
  }
}

/** What is known about the end of a child. */
interface End {
  isDead: boolean
  /** It was asked to end, or has closed its channel. */
  isEnding: boolean
  hung: string | null
  isStopped: boolean
  /** They run until it is dead. */
  readonly timers: Subscription
  /** Reports its end, once. */
  died(exit: Omit<Exit, 'hung' | 'isStopped'>): void
}

const createEnd = (onDied: ChildOptions['onDied']): End => {
  const end: End = {
    isDead: false,
    isEnding: false,
    hung: null,
    isStopped: false,
    timers: new Subscription(),
    died: (exit) => {
      if (end.isDead) return
      end.isDead = true
      end.timers.unsubscribe()
      onDied({ ...exit, hung: end.hung, isStopped: end.isStopped })
    },
  }
  return end
}

/** Kills a child, at once or when it does not end in time. One that survives even that is left behind. */
const killing = (
  child: ChildProcess,
  end: End,
  { name, stopWithinMs, log }: ChildOptions,
  scheduler: SchedulerLike,
) => {
  const abandon = (): void => {
    log.error({ process: name, pid: child.pid }, 'vision process cannot be killed and is left behind')
    child.unref()
    if (child.connected) child.disconnect()
    end.died({ code: null, signal: 'SIGKILL', failure: null })
  }
  const kill = (): void => {
    child.kill('SIGKILL')
    if (!end.isDead) end.timers.add(timer(GONE_WITHIN_MS, scheduler).subscribe(abandon))
  }
  const endInTime = (): void => {
    if (end.isEnding || end.isDead) return
    end.isEnding = true
    end.timers.add(timer(stopWithinMs, scheduler).subscribe(kill))
  }
  return { kill, endInTime }
}

/** Whether the child has just become known to hang; then `end` says why, and whether somebody has stopped it. */
const isHung = (end: End, silence: Pick<ReturnType<typeof createSilence>, 'tick'>, child: ChildProcess): boolean => {
  if (end.isEnding || end.hung !== null) return false
  end.hung = silence.tick()
  if (end.hung === null) return false
  end.isStopped = mainThread(child.pid ?? 0)?.state === 'T'
  return true
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
