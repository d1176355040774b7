import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { JsonTestResults } from 'vitest/node'

/**
 * `npm test`: runs all tests of the project in the current folder. Files that fail in a way that other work on the machine may
 * explain run once more at the end, one at a time; what then passes is named. Whole files, not Vitest's `--last-failed`: tests go
 * on from what those before them in their file have made. The results of both runs, as Vitest's JSON, are
 * in `.rollcall/tests.json`. Exits with 1 when a test fails in the end.
 */
const results = resolve('.rollcall/tests.json')
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
const secondTries = join(import.meta.dirname, 'support/second-tries.ts')
const scratch = mkdtempSync(join(tmpdir(), 'rollcall-tests-'))
const again = join(scratch, 'again.json')
process.on('exit', () => rmSync(scratch, { recursive: true }))

/** Whether all passed. */
const run = (output: string, ...more: readonly string[]): boolean => {
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`].concat(
      `--reporter=${secondTries}`,
      more,
    ),
    { stdio: 'inherit', env: { ...process.env, ROLLCALL_TESTS_AGAIN: again } },
  )
  return status === 0
}
const read = (file: string): JsonTestResults => JSON.parse(readFileSync(file, 'utf8')) as JsonTestResults

/** The first results, with those of the second run in place of the same files'. */
const joined = (first: JsonTestResults, second: JsonTestResults): JsonTestResults => {
  const files = new Map([...first.testResults, ...second.testResults].map((file) => [file.name, file]))
  const testResults = [...files.values()]
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const count = (...kinds: readonly string[]): number => tests.filter(({ status }) => kinds.includes(status)).length
  return {
    ...first,
    testResults,
    success: testResults.every(({ status }) => status === 'passed'),
    numTotalTests: tests.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending', 'skipped', 'disabled'),
    numTodoTests: count('todo'),
  }
}

const runAlone = (files: readonly string[]): boolean => {
  console.log(`\nnot everything passed beside other tests; once more, alone: ${files.length} file(s)`)
  const output = join(scratch, 'alone.json')
  const isGreen = run(output, '--maxWorkers=1', ...files)
  const [first, second] = [read(results), read(output)]
  for (const { name, status, assertionResults } of second.testResults) {
    const before = first.testResults.find((file) => file.name === name)?.assertionResults ?? []
    const failed = before.filter((test) => test.status === 'failed').map((test) => test.fullName)
    const passed = assertionResults.filter((test) => test.status === 'passed').map((test) => test.fullName)
    const file = relative('', name)
    for (const each of passed) if (failed.includes(each)) console.log(`passed alone only: ${file}: ${each}`)
    if (failed.length === 0 && status === 'passed') console.log(`passed alone only: ${file}`)
  }
  writeFileSync(results, JSON.stringify(joined(first, second)))
  return isGreen
}

// Of a run that breaks off there is no list.
writeFileSync(again, '[]')
const isGreen = run(results)
const files = isGreen ? [] : (JSON.parse(readFileSync(again, 'utf8')) as string[])
process.exitCode = isGreen || (files.length > 0 && runAlone(files)) ? 0 : 1
