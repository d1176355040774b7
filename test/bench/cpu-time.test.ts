import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { cpuMsOf, treeCpuMsOf, treeOf, withError } from '../../bench/cpu-time.ts'
import { heldBy } from '../../bench/held.ts'

const burn = `node -e 'while (process.cpuUsage().user < 60000);'`

test.each([
  ['that has ended', `${burn}; echo; read line`, 1],
  [
    'that is alive',
    `node -e 'while (process.cpuUsage().user < 60000); console.log(); process.stdin.resume()'; true`,
    2,
  ],
])('a tree counts a child %s', async (_, script, processes) => {
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const pid = child.pid ?? 0
  expect(treeOf(pid)).toHaveLength(processes)
  expect(treeCpuMsOf(pid) - cpuMsOf(pid)).toBeGreaterThanOrEqual(50)
  const { mib, threads, descriptors, ...held } = heldBy(pid)
  expect(held).toEqual({ processes })
  expect(mib).toBeGreaterThan(0)
  expect(threads).toBeGreaterThanOrEqual(processes)
  expect(descriptors).toBeGreaterThanOrEqual(3 * processes)
  child.stdin.end()
  await once(child, 'close')
})

test('the standard error is that of the mean', () => {
  expect(withError([1, 2, 3])).toBe('2.000 ± 0.577')
  expect(withError([0.5])).toBe('0.500')
})
