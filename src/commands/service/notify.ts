import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describeError } from '../../errors.ts'
import type { Health } from '../../site/health.ts'
import type { Log } from '../../types.ts'

const execute = promisify(execFile)

/** What systemd says in the environment of what it starts: sd_notify(3), sd_watchdog_enabled(3). */
export interface ServiceEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined
  readonly WATCHDOG_USEC?: string | undefined
}

/** What `tellSystemd` needs. */
export interface NotifyParts {
  readonly env: ServiceEnvironment
  readonly health: Health
  readonly log: Log
}

/** Tells the service manager how this process does. */
export interface Notifier {
  /** It is ending. Nothing more is told. */
  stopping(): void
}

const nobody: Notifier = { stopping: () => undefined }

/**
 * Says READY, and with a watchdog WATCHDOG=1 a third of its time apart, as long as `health` finds nothing wrong. Otherwise it says
 * why, and says nothing more until all is well: systemd then ends the process and starts it again. By the program systemd-notify,
 * because Node has no datagram sockets in the file system; it costs some milliseconds each twenty seconds. Without NOTIFY_SOCKET
 * nothing is told.
 */
export const tellSystemd = ({ env, health, log }: NotifyParts): Notifier => {
  if (!env.NOTIFY_SOCKET) return nobody
  let telling: Promise<unknown> = Promise.resolve()
  const tell = (...words: readonly string[]): void => {
    telling = telling
      .then(() => execute('systemd-notify', words, { timeout: 5000, env: { ...env, PATH: '/usr/bin:/bin' } }))
      .catch((error: unknown) =>
        log.warn({ error: describeError(error) }, 'systemd cannot be told how this process does'),
      )
  }
  tell('--ready', '--status=Running')
  const withinMs = Number(env.WATCHDOG_USEC) / 1000
  if (!(withinMs > 0)) return { stopping: () => tell('STOPPING=1') }
  const beat = async (): Promise<void> => {
    const wrong = await health()
    if (wrong === null) return tell('WATCHDOG=1', '--status=Running')
    log.error({ wrong }, 'this process is not well; unless that passes the service manager starts it again')
    return tell(`--status=${wrong.slice(0, 200)}`)
  }
  const beating = setInterval(() => void beat(), withinMs / 3).unref()
  return {
    stopping: () => {
      clearInterval(beating)
      tell('STOPPING=1')
    },
  }
}
