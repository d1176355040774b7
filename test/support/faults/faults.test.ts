import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openFaults } from './faults.ts'

const faults = openFaults()

/** Runs a script of a few statements in a Node of its own, with `fs` and `file`; gives what it prints. */
const runWith = (file: string, script: string): string => {
  const program = `const fs = require('node:fs'); const file = ${JSON.stringify(file)}; ${script}`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    env: { ...process.env, ...faults?.env },
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`.trim()
}

const fileForTest = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-faults-test-'))
  onTestFinished(() => {
    faults?.set()
    rmSync(directory, { recursive: true })
  })
  return join(directory, 'file')
}

const attempt = `const attempt = (what) => { try { console.log(what()) } catch (error) { console.log(error.code) } };`

test.skipIf(!faults)('a disk with little room cuts a write short, then is full, for this file only', () => {
  const file = fileForTest()
  faults?.set(`write room:5 ${file}`)
  const said = runWith(
    file,
    `${attempt} const fd = fs.openSync(file, 'a');
     attempt(() => fs.writeSync(fd, '1234567')); attempt(() => fs.writeSync(fd, '67'));
     attempt(() => fs.writeFileSync(file.replace(/file$/, 'other'), '12345678'))`,
  )
  expect(said.split('\n')).toEqual(['5', 'ENOSPC', 'undefined'])
  expect(readFileSync(file, 'utf8')).toBe('12345')
})

test.skipIf(!faults)('calls fail with the chosen error, and succeed again once the rules change', () => {
  const file = fileForTest()
  const rules = faults?.env.ROLLCALL_FAULTS ?? ''
  faults?.set(`write EIO ${file}`, `sync EDQUOT ${file}`, `truncate EACCES ${file}`, `rename EROFS ${file}`)
  const said = runWith(
    file,
    `${attempt} const fd = fs.openSync(file, 'a');
     for (let round = 0; round < 2; round++) {
       attempt(() => fs.writeSync(fd, 'x')); attempt(() => fs.writevSync(fd, [Buffer.from('y'), Buffer.from('z')]));
       attempt(() => fs.fsyncSync(fd)); attempt(() => fs.ftruncateSync(fd, 3)); attempt(() => fs.renameSync(file, file));
       fs.writeFileSync(${JSON.stringify(rules)}, '');
     }`,
  )
  // Node has no name for EDQUOT.
  expect(said.split('\n')).toEqual([
    'EIO',
    'EIO',
    'Unknown system error -122',
    'EACCES',
    'EROFS',
    '1',
    '2',
    ...Array(3).fill('undefined'),
  ])
})

test.skipIf(!faults)('a file that cannot be opened', () => {
  const file = fileForTest()
  faults?.set(`open EMFILE ${file}`)
  expect(runWith(file, `${attempt} attempt(() => fs.openSync(file, 'a'))`)).toBe('EMFILE')
})

test.skipIf(!faults)('the wall clock is ahead or behind, and the monotonic clock is not', () => {
  const file = fileForTest()
  onTestFinished(() => faults?.shiftClock(0))
  for (const aheadMs of [3_600_000, -86_400_500]) {
    faults?.shiftClock(aheadMs)
    const beforeMs = performance.timeOrigin + performance.now()
    const [wall, hasNormalUptime] = JSON.parse(
      runWith(file, 'console.log(JSON.stringify([Date.now(), performance.now() < 60000]))'),
    )
    expect(wall - aheadMs - beforeMs).toBeGreaterThan(-50)
    expect(wall - aheadMs - beforeMs).toBeLessThan(20_000)
    expect(hasNormalUptime).toBe(true)
  }
})
