import { vi } from 'vitest'
import { describeError, RollcallError } from '../../src/errors.ts'

/** What a command printed, and its exit code. */
export interface Called {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command in this process, because a new one would take seconds of each test. */
export const calling =
  (command: (args: readonly string[]) => Promise<number>) =>
  async (...args: readonly string[]): Promise<Called> => {
    const printed: string[] = []
    const complained: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
    const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void complained.push(line))
    const ended = (code: number): Called => ({
      code,
      stdout: printed.join('\n'),
      stderr: complained.join('\n'),
    })
    try {
      return ended(await command(args))
    } catch (cause) {
      complained.push(`rollcall: ${describeError(cause)}`)
      return ended(cause instanceof RollcallError && cause.code === 'USAGE' ? 2 : 1)
    } finally {
      log.mockRestore()
      error.mockRestore()
    }
  }
