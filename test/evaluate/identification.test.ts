import { describe, expect, it } from 'vitest'
import { type Probe, scoreIdentification } from '../../src/evaluate/identification.ts'

/** Candidates in percent of a cosine, the nearest first. */
const probe = (person: string, answer: string | null, candidates: Readonly<Record<string, number>>): Probe => ({
  person,
  answer,
  candidates: Object.entries(candidates).map(([each, cosine]) => ({ person: each, cosine: cosine / 100 })),
})

const probes = [
  probe('a', 'a', { a: 90, b: 20, c: 10 }),
  probe('b', 'c', { c: 60, b: 55, a: 0 }),
  probe('c', null, { c: 30, a: 25, b: 5 }),
  probe('x', 'a', { a: 50, b: 1, c: 0 }),
]

describe('scoreIdentification', () => {
  it('counts ranks, answers and strangers', () => {
    expect(scoreIdentification(probes)).toMatchObject({
      known: 3,
      strangers: 1,
      rank1: 2 / 3,
      rank5: 1,
      right: 1,
      wrong: 1,
      missed: 1,
      strangersTaken: 1,
    })
    expect(scoreIdentification([])).toMatchObject({ known: 0, rank1: null, det: [] })
  })

  it('weighs misses against strangers, each probe without its person being one', () => {
    // The nearest others: .6, .5, .25, .2; ten times, so that a tenth of them is four probes.
    const { det } = scoreIdentification(Array.from({ length: 10 }, () => probes).flat())
    expect(det.map(({ targetFpir }) => targetFpir)).toEqual([0.1])
    // Above .6 there is nobody but the first.
    expect(det[0]).toEqual({ targetFpir: 0.1, fpir: 0, fnir: 2 / 3, cosine: 0.6 })
  })
})
