import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scoreClustering } from '../../src/evaluate/clustering.ts'
import { scoreTracking, type TrackingScores } from '../../src/evaluate/tracking.ts'
import { valAtFar } from '../../src/evaluate/verification.ts'
import { framesOf, type Pairs, repeat } from './tracks.ts'

interface Golden {
  readonly tracking: Record<string, { readonly expect: Record<string, number> }>
  readonly clustering: Record<
    string,
    { readonly gt: string; readonly pred: number[]; readonly expect: Record<string, number | string> }
  >
  readonly verification: Record<
    string,
    {
      readonly same: number[]
      readonly different: number[]
      readonly expect: { targetFAR: number; threshold: number; VAL: number }[]
    }
  >
}
const golden: Golden = JSON.parse(readFileSync(new URL('golden-metrics.json', import.meta.url), 'utf8'))

/** The examples' words as frames. */
const examples: Record<string, { readonly frames: Pairs[]; readonly similarity?: number }> = {
  G1: { frames: [...repeat(6, [['A', '1']]), ...repeat(4, [['A', '2']])] },
  G2: {
    frames: [
      [
        ['A', '1'],
        ['B', '2'],
        [null, '3'],
      ],
      [
        ['A', '1'],
        ['B', '2'],
      ],
      [
        ['A', '1'],
        ['B', null],
      ],
      ...repeat(2, [
        ['A', '2'],
        ['B', '1'],
      ]),
    ],
  },
  G3_bad: { frames: [...repeat(4, [['A', '1']]), [], [], ...repeat(4, [['A', '9']])] },
  G3_good: { frames: [...repeat(4, [['A', '1']]), [], [], ...repeat(4, [['A', '1']])] },
  G4: { frames: repeat(4, [['A', '1']]), similarity: 0.6 },
}

const tracked: Record<string, (scores: TrackingScores) => number> = {
  IDF1: ({ idf1 }) => idf1,
  IDTP: ({ idtp }) => idtp,
  IDFP: ({ idfp }) => idfp,
  IDFN: ({ idfn }) => idfn,
  DetA: ({ detA }) => detA,
  AssA: ({ assA }) => assA,
  HOTA: ({ hota }) => hota,
  IDSW: ({ idSwitches }) => idSwitches,
  MOTA: ({ mota }) => mota,
  MOTP: ({ motp }) => motp,
  FP: ({ falsePositives }) => falsePositives,
  FN: ({ missed }) => missed,
}

describe('golden values of tracking', () => {
  it('has every example', () => expect(Object.keys(examples)).toEqual(Object.keys(golden.tracking)))

  it.each(Object.entries(golden.tracking))('%s', (name, { expect: wanted }) => {
    const { frames, similarity } = examples[name] ?? { frames: [] }
    const scores = scoreTracking(framesOf(frames, similarity))
    for (const [metric, value] of Object.entries(wanted))
      expect(Math.abs((tracked[metric]?.(scores) ?? Number.NaN) - value), metric).toBeLessThan(1e-6)
  })
})

const keys: Record<string, string> = { NMI: 'nmi', WCP: 'wcp', ARI: 'ari' }

describe('golden values of clustering', () => {
  it.each(Object.entries(golden.clustering))('%s', (_, { gt, pred, expect: wanted }) => {
    const scores = scoreClustering(pred.map((predicted, i) => ({ truth: gt[i] ?? '', predicted: String(predicted) })))
    for (const [metric, value] of Object.entries(wanted)) {
      const measured = scores[(keys[metric] ?? metric) as keyof typeof scores]
      if (typeof value === 'string') {
        const [above = Number.NaN, below = 1] = value.split('/').map(Number)
        expect(measured, metric).toBe(above / below)
      } else expect(Math.abs(measured - value), metric).toBeLessThan(1e-6)
    }
  })
})

describe('golden values of verification', () => {
  it.each(Object.entries(golden.verification))('%s', (_, { expect: wanted, ...distances }) => {
    const measured = valAtFar(
      distances,
      wanted.map(({ targetFAR }) => targetFAR),
    )
    expect(measured.map(({ targetFar, threshold, val }) => ({ targetFAR: targetFar, threshold, VAL: val }))).toEqual(
      wanted,
    )
  })
})
