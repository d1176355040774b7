import { closeSync, openSync } from 'node:fs'
import { describeError } from '../errors.ts'
import type { Run } from '../site/run.ts'
import type { Log } from '../types.ts'

/** What signals do besides ending a run. */
export interface SignalOptions {
  /** How long the end may take before the process ends as it is, in milliseconds. */
  readonly endWithinMs: number
  /** Reads again what SIGHUP says. It must not reject. */
  readonly reload: () => Promise<void>
  readonly log: Log
}

/**
 * Ends the process at once. A write that hangs in the operating system would keep `process.exit` waiting for its thread for
 * ever; then nothing but SIGKILL ends it, or as process 1 of a container, which cannot kill itself, an abort.
 */
const endNow = (code: number): never => {
  if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) {
    process.kill(process.pid, 'SIGKILL')
    process.abort()
  }
  process.exit(code)
}

/** Until there is something to read again or to end, signals that would kill a process that starts do nothing. */
export const outliveSignals = (): void => {
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => undefined)
}

/** Ends the process when something that nobody waits for any more, such as a socket to a broker that is away, keeps it. */
export const endSoon = (code: number): void => void setTimeout(endNow, 300, code).unref()

/** `timeout` signals its command and then the group, `npm run` hands on the Ctrl-C that the terminal has sent already: one request. */
const SAME_REQUEST_MS = 250

const hasTerminal = (): boolean => {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

/**
 * SIGINT and SIGTERM close the run in order, and end the process when that takes too long; a second one ends it at once, but
 * for one that comes with the first.
 * SIGHUP reads things again, but is like SIGTERM when the terminal of the process was closed. SIGUSR1 and SIGUSR2 do
 * nothing: Node would open a debugger, or end. Returns what removes all listeners.
 */
export const obeySignals = (run: Pick<Run, 'stop'>, { endWithinMs, reload, log }: SignalOptions): (() => void) => {
  const hadTerminal = hasTerminal()
  let limit: NodeJS.Timeout | undefined
  let askedAtMs = 0
  let reloading: Promise<void> = Promise.resolve()

  const end = (): void => {
    if (limit) {
      if (performance.now() - askedAtMs > SAME_REQUEST_MS) endNow(130)
      return
    }
    askedAtMs = performance.now()
    limit = setTimeout(() => {
      log.error({ seconds: endWithinMs / 1000 }, 'not everything could be closed in time; what is on disk is whole')
      endNow(1)
    }, endWithinMs).unref()
    run.stop()
  }
  const hangUp = (): void => {
    if (hadTerminal && !hasTerminal()) end()
    else reloading = reloading.then(reload)
  }
  const ignore = (signal: NodeJS.Signals): void => log.debug({ signal }, 'this signal means nothing here')
  const listeners = { SIGINT: end, SIGTERM: end, SIGHUP: hangUp, SIGUSR1: ignore, SIGUSR2: ignore } as const
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener)
  return () => {
    for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener)
  }
}

/** Makes `reload` of a run whose configuration `read` reads. A configuration that is wrong changes nothing, and is logged. */
export const reloader =
  <Config>(
    run: { readonly reload: (next: Config) => Promise<{ reread: readonly string[]; restart: readonly string[] }> },
    read: () => Config,
    log: Log,
  ) =>
  async (): Promise<void> => {
    try {
      const { reread, restart } = await run.reload(read())
      log.info({ reread }, 'read again')
      if (restart.length > 0) log.warn({ changed: restart }, 'these keys of the configuration need a restart')
    } catch (error) {
      log.error({ error: describeError(error) }, 'cannot be read again; what was read before stays')
    }
  }
