import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { createFaults, type Errno } from './faults.ts'
import { scratchDirectory } from './footage.ts'

const create = () => {
  const directory = scratchDirectory()
  const faults = createFaults(directory)
  onTestFinished(() => faults.close())
  /** What a program prints that has these faults; an error's number or text when it throws. */
  const node = async (script: string, onOutput = (): void => undefined): Promise<string> => {
    const guarded = `try { ${script} } catch (error) { console.log(error.errno ?? error.errstr) }`
    const child = spawn(process.execPath, ['-e', guarded], { env: { ...process.env, ...faults.env } })
    child.stdout.once('data', onOutput)
    return (await text(child.stdout)).trim()
  }
  return { faults, node, at: (name: string) => join(directory, name) }
}

const append = (file: string) => `require('fs').appendFileSync('${file}', 'abcd'); console.log('written')`

test.each<Errno>(['ENOSPC', 'EIO', 'EDQUOT', 'EPIPE', 'EROFS'])('%s is what the named file answers', async (errno) => {
  const { faults, node, at } = create()
  expect(await node(append(at('bad.txt')))).toBe('written')
  faults.fail(errno, 'bad.txt')
  expect(await node(append(at('good.txt')))).toBe('written')
  const failure = String(-constants.errno[errno as keyof typeof constants.errno])
  expect(await node(append(at('bad.txt')))).toBe(failure)
  expect(await node(append(at('new-bad.txt')))).toBe(failure)
  expect(faults.failed()).toBe(2)
  faults.clear()
  expect(await node(append(at('bad.txt')))).toBe('written')
  expect(readFileSync(at('bad.txt'), 'utf8')).toBe('abcdabcd')
})

test('a torn write leaves half of it', async () => {
  const { faults, node, at } = create()
  expect(await node(append(at('torn.txt')))).toBe('written')
  faults.fail('ENOSPC', 'torn.txt', { torn: true })
  expect(await node(append(at('torn.txt')))).toBe(String(-constants.errno.ENOSPC))
  expect(readFileSync(at('torn.txt'), 'utf8')).toBe('abcdab')
})

test('an open database on a full disk says so', async () => {
  const { faults, node, at } = create()
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync('${at('people.db')}')
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b)')
    console.log('open')
    for (;;) db.exec('INSERT INTO a VALUES (8)')`
  expect(await node(script, () => faults.fail('ENOSPC', 'people.db'))).toContain('database or disk is full')
})

test('the wall clock is ahead or behind, and the monotonic clock is not', async () => {
  const { faults, node } = create()
  for (const aheadMs of [3_600_000, -86_400_500]) {
    faults.shiftClock(aheadMs)
    const before = performance.timeOrigin + performance.now()
    const seen = Number(await node('console.log(Date.now())'))
    expect(seen - aheadMs - before).toBeGreaterThan(-50)
    expect(seen - aheadMs - before).toBeLessThan(20_000)
    expect(await node('const at = process.hrtime.bigint(); console.log(at < 10n ** 16n)')).toBe('true')
  }
})
