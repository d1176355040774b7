import type { Reporter, TestModule } from 'vitest/node'

/** The full names of tests that failed at first and passed when they were tried again, with their files. */
const secondTries = (modules: readonly TestModule[]): readonly string[] =>
  modules.flatMap((module) =>
    [...module.children.allTests('passed')]
      .filter((test) => test.diagnostic()?.flaky)
      .map((test) => `${module.relativeModuleId} > ${test.fullName}`),
  )

/** Prints at the end of a run who passed only when tried again, because a green run says nothing of it. */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const name of secondTries(modules)) console.log(`passed at the second try: ${name}`)
  }
}
