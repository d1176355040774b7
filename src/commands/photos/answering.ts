import { describeInLines } from '../../errors.ts'

/**
 * Runs a command whose exit codes 0 and 1 are answers, yes and no. Whatever goes wrong is printed and has exit code 2, so that no
 * failure reads as "no".
 */
export const answering = async (run: () => Promise<number>): Promise<number> => {
  try {
    return await run()
  } catch (error) {
    console.error(`rollcall: ${describeInLines(error)}`)
    return 2
  }
}
