import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** More files than this do not fail because other work was in their way. */
const mostFiles = 8

/** The full names of tests that failed at first and passed when they were tried again, with their files, and why they failed. */
const secondTries = (modules: readonly TestModule[]): readonly string[] =>
  modules.flatMap((module) =>
    [...module.children.allTests('passed')]
      .filter((test) => test.diagnostic()?.flaky)
      .map((test) => {
        const [why = ''] = test.result().errors?.[0]?.message.split('\n') ?? []
        return `${module.relativeModuleId} > ${test.fullName}: ${why}`
      }),
  )

/** The files that may pass when nothing else runs: none where something failed that other work cannot explain. */
const worthALook = (modules: readonly TestModule[], errors: readonly SerializedError[]): readonly string[] => {
  const failed = modules.filter((module) => !module.ok())
  const isExplained = errors.length === 0 && failed.length <= mostFiles
  return isExplained && failed.every(({ project }) => project.config.retry) ? failed.map((each) => each.moduleId) : []
}

/**
 * Prints at the end of a run who passed only when tried again, because a green run says nothing of it. Writes the paths of the
 * files that are worth a look of their own to the file that `ROLLCALL_TESTS_AGAIN` names, as JSON.
 */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    for (const name of secondTries(modules)) console.log(`passed at the second try: ${name}`)
    const list = process.env.ROLLCALL_TESTS_AGAIN
    if (list) writeFileSync(list, JSON.stringify(worthALook(modules, errors)))
  }
}
