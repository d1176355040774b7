import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fewFps, loops } from '../support/watch-footage.ts'
import { everybody, expectTheSamePeople } from './own-material.ts'

const main = join(import.meta.dirname, '../../src/main.ts')

/** What the project ships needs nothing beside it: these tests always run. */
describe('the shipped models on the shipped footage', () => {
  // All frames are analysed in own-material.long.test.ts. That it says the same each time is tested in recordings.test.ts.
  it(
    'all cameras together: the same people everywhere',
    () => expectTheSamePeople('eight frames a second', fewFps),
    300_000,
  )

  it('the demo watches simulated cameras, says what it finds against the truth, and ends', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      main,
      'demo',
      '--headless',
      '--seconds',
      '10',
      '--http',
      '127.0.0.1:0',
    ])
    expect(stdout).toContain(`${loops.length}/${loops.length} cameras`)
    const [, found, people] = /truth: (\d+) of (\d+) people found/.exec(stdout.slice(stdout.indexOf('Against'))) ?? []
    expect(Number(people)).toBe(everybody.size)
    expect(Number(found)).toBeGreaterThan(0)
  }, 90_000)
})
