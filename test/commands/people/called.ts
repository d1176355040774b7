import { vi } from 'vitest'
import { people } from '../../../src/commands/people.ts'
import { describeError, RollcallError } from '../../../src/errors.ts'

export interface Called {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** `rollcall people ARGS` in this process (a new one a verb would take seconds of each test): what it prints, its exit code. */
export const called = async (...args: readonly string[]): Promise<Called> => {
  const printed: string[] = []
  const complained: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void complained.push(line))
  try {
    const code = await people(args)
    return { code, stdout: printed.join('\n'), stderr: complained.join('\n') }
  } catch (cause) {
    const code = cause instanceof RollcallError && cause.code === 'USAGE' ? 2 : 1
    return { code, stdout: printed.join('\n'), stderr: `rollcall: ${describeError(cause)}` }
  } finally {
    log.mockRestore()
    error.mockRestore()
  }
}

/** With options that every call has. */
export const calledWith = (...options: readonly string[]) => {
  const run = (...args: readonly string[]) => called(...args, ...options)
  return {
    run,
    /** The result of a call that must go well. */
    json: async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await run(...args, '--json')
      // 3: enrolled, but not every photo.
      if (code !== 0 && code !== 3) throw new Error(stderr)
      return JSON.parse(stdout)
    },
  }
}

export const ids = ({ people: list }: { people: { id: string }[] }): string[] => list.map(({ id }) => id)
/** `created`, `named`, … */
export const changes = ({ events }: { events: { type: string }[] }): string[] =>
  events.map(({ type }) => type.split('.')[2] ?? '')
