import { expect, test } from 'vitest'
import { inWords } from '../../bench/verdict.ts'
import { meanRatio, type ViewersMeasured, viewerVerdicts } from '../../bench/viewer-figures.ts'

const good: ViewersMeasured = {
  fiftyCpuPercent: 5.5,
  slowOldestMs: 1900,
  isSlowOpen: true,
  ratios: [1.02, 0.97, 1.05, 0.99, 1.03, 1.0],
}
const words = (measured: Partial<ViewersMeasured>) => viewerVerdicts({ ...good, ...measured }).map(inWords)

test('each aim has a line that says what was measured, what was expected, and whether it is met', () => {
  expect(words({})).toEqual([
    'fifty viewers: 5.5 % of a core; expected 10 % at most: met',
    'slow viewer: nothing older than 1.90 s; expected 2 s at most, and connected: met',
    'the others: p99 × 1.01 (0.99 to 1.03 in 6 pairs); expected × 1.1 at most: met',
  ])
  expect(words({ fiftyCpuPercent: 11 })[0]).toMatch(/: NOT MET$/)
  expect(words({ slowOldestMs: 2100 })[1]).toMatch(/2.10 s; .*: NOT MET$/)
  expect(words({ isSlowOpen: false })[1]).toMatch(/and cut off; .*: NOT MET$/)
  expect(words({ ratios: [1.3, 1.25, 1.4, 1.28] })[2]).toMatch(/: NOT MET$/)
})

test('a ratio that noise hides is unclear', () => {
  for (const ratios of [[0.4, 1.7, 1.1, 0.9], [1.0], [1.05, 1.2, 1.04, 1.15]])
    expect(words({ ratios })[2]).toMatch(/: unclear: repeat it on a quiet machine$/)
})

test('ratios are averaged as ratios: twice and half are one', () => {
  expect(meanRatio([2, 0.5, 2, 0.5]).mean).toBeCloseTo(1)
})
