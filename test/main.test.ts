import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const directory = mkdtempSync(join(tmpdir(), 'rollcall-main-'))
afterEach(() => rmSync(directory, { recursive: true }))

/** Fails as often as told, in each of its tries; `before` stands above its test. */
const failing = (name: string, times: number, before = ''): string => `
  import { appendFileSync, readFileSync } from 'node:fs'
  ${before}
  test('passes in the end', () => {
    appendFileSync('${name}.tries', 'x')
    expect(readFileSync('${name}.tries', 'utf8').length).toBeGreaterThan(${times})
  })
  test('passes', () => {})
  test.skip('is skipped', () => {})`

/** Runs `npm test` of a project with these files, of which those called `pure…` are never tried again. */
const runTests = (files: Readonly<Record<string, string>>) => {
  mkdirSync(directory, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  const project = (name: string, retry: number) =>
    ({ extends: true, test: { name, retry, include: [`${name}*.test.js`] } }) as const
  const config = { test: { globals: true, projects: [project('other', 1), project('pure', 0)] } }
  writeFileSync(join(directory, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, `${name}.test.js`), text)
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'test/main.ts')], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', VITEST: undefined },
  })
  const { success, numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(join(directory, '.rollcall/tests.json'), 'utf8'),
  )
  const named = stdout.split('\n').filter((line) => line.startsWith('passed'))
  return { status, success, named, counts: [numPassedTests, numFailedTests, numPendingTests] }
}

describe('npm test', () => {
  test('looks again at a file that fails beside others: alone, at the end, and says so', () => {
    expect(runTests({ other: failing('other', 2), 'other-too': failing('too', 1), pure: failing('pure', 0) })).toEqual({
      status: 0,
      success: true,
      named: [
        expect.stringMatching(
          /^passed at the second try: other-too.test.js > passes in the end: .*to be greater than 1$/,
        ),
        'passed alone only: other.test.js: passes in the end',
      ],
      counts: [6, 0, 3],
    })
  })

  test('looks again at a file whose preparation failed', () => {
    const hook = `import { existsSync, writeFileSync } from 'node:fs'
      beforeAll(() => { if (!existsSync('seen')) { writeFileSync('seen', ''); throw new Error('late') } })`
    expect(runTests({ other: failing('other', 0, hook) })).toEqual({
      status: 0,
      success: true,
      named: ['passed alone only: other.test.js'],
      counts: [2, 0, 1],
    })
  })

  test('is red where a file fails alone, too', () => {
    expect(runTests({ other: failing('other', 100) })).toEqual({
      status: 1,
      success: false,
      named: [],
      counts: [1, 1, 1],
    })
  })

  test('is red at once where a file fails that only computes, or an error belongs to no test', () => {
    expect(runTests({ other: failing('other', 2), pure: failing('pure', 2) })).toMatchObject({
      status: 1,
      counts: [2, 2, 2],
    })
    rmSync(directory, { recursive: true })
    const late = "setTimeout(() => { throw new Error('of nobody') }); await new Promise((done) => setTimeout(done, 50))"
    expect(runTests({ other: failing('other', 2, late) })).toMatchObject({ status: 1, counts: [1, 1, 1] })
  })
})
