import { describeError } from '../../errors.ts'

/** `bad`: Rollcall cannot do its work. `poor`: something is slower, not possible, or not certain. */
export type Verdict = 'good' | 'poor' | 'bad'

/** What a check has found. No text holds a secret. */
export interface Finding {
  readonly verdict: Verdict
  /** What was looked at: a camera, a file, a library. */
  readonly what: string
  readonly detail: string
  /** What to do about it: a command, or a key of the configuration. */
  readonly fix?: string
  /** The same as data, for programs. */
  readonly data?: object
}

/** Something to look at. */
export interface Check {
  readonly name: string
  readonly run: () => Promise<readonly Finding[]>
}

/** Who hears how far the checks are. `waitingFor` are those still under way. */
export type OnProgress = (done: number, all: number, waitingFor: readonly string[]) => void

/**
 * Runs all checks at the same time. Resolves to their findings in the order of the checks, at the latest after
 * `patienceMs`: a check that has no result then, or that throws, is a finding itself.
 */
export const runChecks = async (
  checks: readonly Check[],
  { patienceMs, onProgress }: { readonly patienceMs: number; readonly onProgress: OnProgress },
): Promise<readonly Finding[]> => {
  const waitingFor = new Set(checks)
  const say = (): void =>
    onProgress(
      checks.length - waitingFor.size,
      checks.length,
      [...waitingFor].map(({ name }) => name),
    )
  say()
  const found = checks.map(async (check) => {
    try {
      return await inTime(check, patienceMs)
    } catch (error) {
      return [{ verdict: 'bad', what: check.name, detail: describeError(error) } as const]
    } finally {
      waitingFor.delete(check)
      say()
    }
  })
  return (await Promise.all(found)).flat()
}

const inTime = async ({ name, run }: Check, patienceMs: number): Promise<readonly Finding[]> => {
  const late = Promise.withResolvers<readonly Finding[]>()
  const timer = setTimeout(() => {
    late.resolve([{ verdict: 'bad', what: name, detail: `no result within ${patienceMs / 1000} s` }])
  }, patienceMs)
  try {
    return await Promise.race([run(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
