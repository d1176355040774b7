import { describe, expect, it, onTestFinished } from 'vitest'
import { fewFps, loops } from '../support/watch-footage.ts'
import { everybody, expectTheSamePeople } from './own-material.ts'
import { rollcall } from './rollcall.ts'

/** What the project ships needs nothing beside it: these tests always run. */
describe('the shipped models on the shipped footage', () => {
  // All frames are analysed, and the demo ends by itself, in own-material.long.test.ts. That it says the same each time is tested in recordings.test.ts.
  it(
    'all cameras together: the same people everywhere',
    () => expectTheSamePeople('five frames a second', fewFps),
    300_000,
  )

  it('the demo watches simulated cameras, and says what it finds against the truth', async () => {
    const demo = rollcall(['demo', '--headless', '--http', '127.0.0.1:0', '--seconds', '120'])
    onTestFinished(() => demo.kill('SIGKILL'))
    const finding = new RegExp(`^${loops.length}/${loops.length} cameras .* truth: [1-9]`)
    await demo.until('somebody is found', () => demo.lines.some((line) => finding.test(line)), 120_000)
    demo.kill('SIGINT')
    expect(await demo.exited).toBe(0)
    const summary = demo.lines.slice(demo.lines.indexOf('Against the truth:')).join('\n')
    const [, found, people] = /truth: (\d+) of (\d+) people found/.exec(summary) ?? []
    expect(Number(people)).toBe(everybody.size)
    expect(Number(found)).toBeGreaterThan(0)
  }, 150_000)
})
