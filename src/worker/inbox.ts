import type { ToVision } from '../ipc/messages.ts'
import type { WorkerStart } from './worker.ts'

/** What a worker is told. */
export type Command = ToVision<WorkerStart>

/** Commands wait here until somebody obeys them. */
export interface Inbox {
  push(command: Command): void
  /** Calls `listener` with what waits, and from then on with each command as it comes. */
  obey(listener: (command: Command) => void): void
}

/** Without commands. */
export const createInbox = (): Inbox => {
  const waiting: Command[] = []
  let obeys: ((command: Command) => void) | null = null
  return {
    push: (command) => {
      if (obeys) obeys(command)
      else waiting.push(command)
    },
    obey: (listener) => {
      obeys = listener
      for (const command of waiting.splice(0)) listener(command)
    },
  }
}
