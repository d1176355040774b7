import { expect, onTestFinished, test } from 'vitest'
import { loops } from '../support/watch-footage.ts'
import { expectTheSamePeople } from './own-material.ts'
import { rollcall } from './rollcall.ts'

test('all frames of all cameras together: the same people everywhere', () => expectTheSamePeople('all frames'))

test('the demo ends by itself after the time that is asked for', async () => {
  const demo = rollcall(['demo', '--headless', '--http', '127.0.0.1:0', '--seconds', '0.5'])
  onTestFinished(() => demo.kill('SIGKILL'))
  await demo.exited
  expect(demo.lines.join('\n')).toMatch(new RegExp(`Watched ${loops.length} cameras for`))
})
