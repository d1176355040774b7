import { expect, test } from 'vitest'
import { inWords } from '../../bench/verdict.ts'
import { p99Ratio, type ViewersMeasured, viewerVerdicts, type Window } from '../../bench/viewer-figures.ts'

/** Two hundred ages from 3 to 5 ms, the highest of them so high. */
const ages = (highestMs: number): number[] => Array.from({ length: 200 }, (_, i) => (i < 196 ? 3 + i / 98 : highestMs))
/** What the machine does at the same time slows down both. */
const window = (highestMs: number, times = 1): Window => ({ beside: ages(highestMs * times), without: ages(highestMs) })
const busy = [10, 200, 12, 15, 40, 11, 90, 13]

const good: ViewersMeasured = {
  fiftyCpuPercent: 5.5,
  slowOldestMs: 1900,
  isSlowOpen: true,
  windows: busy.map((ms) => window(ms)),
}
const words = (measured: Partial<ViewersMeasured>) => viewerVerdicts({ ...good, ...measured }).map(inWords)

test('each aim has a line that says what was measured, what was expected, and whether it is met', () => {
  expect(words({})).toEqual([
    'fifty viewers: 5.5 % of a core; expected 10 % at most: met',
    'slow viewer: nothing older than 1.90 s; expected 2 s at most, and connected: met',
    'the others: p99 × 1.00 (1.00 to 1.00 in 8 windows); expected × 1.1 at most: met',
  ])
  expect(words({ fiftyCpuPercent: 11 })[0]).toMatch(/: NOT MET$/)
  expect(words({ slowOldestMs: 2100 })[1]).toMatch(/2.10 s; .*: NOT MET$/)
  expect(words({ isSlowOpen: false })[1]).toMatch(/and cut off; .*: NOT MET$/)
})

test('others that are slower beside a slow one are told on a busy machine, too', () => {
  expect(words({ windows: busy.map((ms) => window(ms, 1.5)) })[2]).toMatch(/p99 × 1.50 .*: NOT MET$/)
})

test('a ratio that depends on one window is unclear', () => {
  const windows = busy.map((ms, i) => (i === 1 ? { beside: ages(1000), without: ages(10) } : window(ms)))
  expect(words({ windows })[2]).toMatch(/: unclear: repeat it on a quiet machine$/)
})

test('fractions of a millisecond are no difference', () => {
  expect(p99Ratio([{ beside: [0.4, 0.9], without: [0.2, 0.3] }]).ratio).toBe(1)
})
