import { people } from '../../../src/commands/people.ts'
import { calling } from '../called.ts'

/** `rollcall people ARGS` in this process: what it prints, its exit code. */
export const called = calling(people)

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
