import { describe, expect, test } from 'vitest'
import { type Measured, ratioOfTails, verdictsOf } from '../../bench/overload-figures.ts'
import { inWords } from '../../bench/verdict.ts'

const good: Measured = {
  latency: { ratio: 1.02, error: 0.01 },
  fairness: 0.995,
  memory: new Map([
    ['main', { slope: 0.1, error: 0.06 }],
    ['child-1', { slope: -3, error: 0.1 }],
  ]),
  people: { found: 12, idsPerPerson: 1 },
  calm: { found: 12, idsPerPerson: 1 },
}
const notMet = (change: Partial<Measured>) =>
  verdictsOf({ ...good, ...change }).flatMap(({ of, met }) => (met ? [] : of))

describe('the verdict on a run with overload', () => {
  test('says in words what was measured and expected', () => {
    expect(verdictsOf(good).map(inWords)).toEqual([
      'latency: p99 at the end over the start 1.020 ± 0.010; expected 1.1 at most: met',
      'memory: main 0.10 ± 0.06 MiB a minute, child-1 -3.00 ± 0.10 MiB a minute; expected no slope above two standard errors: met',
      "fairness: Jain's index among equal cameras 0.995; expected .98 at least: met",
      'people: 12 found, 1.00 IDs a person; expected as without overload (12 found, 1.00 IDs a person): met',
    ])
  })
  test.each<[Partial<Measured>, string]>([
    [{ latency: { ratio: 1.15, error: 0.02 } }, 'latency'],
    [{ latency: { ratio: Number.NaN, error: Number.NaN } }, 'latency'],
    [{ memory: new Map([['main', { slope: 0.2, error: 0.09 }]]) }, 'memory'],
    [{ memory: new Map([['main', { slope: Number.NaN, error: Number.NaN }]]) }, 'memory'],
    [{ memory: new Map() }, 'memory'],
    [{ fairness: 0.97 }, 'fairness'],
    [{ people: { found: 11, idsPerPerson: 1 } }, 'people'],
    [{ people: { found: 12, idsPerPerson: 1.08 } }, 'people'],
  ])('%o: what is not so, or was not measured, is not met', (change, of) => {
    expect(notMet(change)).toEqual([of])
  })
})

test('a ratio above the aim by less than two standard errors is neither met nor missed', () => {
  const [latency] = verdictsOf({ ...good, latency: { ratio: 1.15, error: 0.03 } })
  expect(latency?.met).toBeNull()
})

describe('the ratio of the tails of two stretches', () => {
  const steady = Array.from({ length: 500 }, (_, i) => 100 + (i % 100))

  test('is one, without error, where both are alike, and tells a stretch that is slower throughout', () => {
    expect(ratioOfTails(steady, steady)).toEqual({ ratio: 1, error: 0 })
    const slower = ratioOfTails(
      steady,
      steady.map((age) => age * 1.3),
    )
    expect(slower.ratio).toBeCloseTo(1.3)
    expect(slower.error).toBeCloseTo(0)
  })

  test('has an error that covers one slow moment', () => {
    const moment = steady.map((age, i) => (i < 10 ? age * 3 : age))
    const { ratio, error } = ratioOfTails(steady, moment)
    expect(ratio).toBeGreaterThan(1.1)
    expect(ratio - 2 * error).toBeLessThan(1.1)
  })

  test('is not a number of stretches that are too short', () => {
    expect(ratioOfTails([], [1, 2]).ratio).toBeNaN()
  })
})
