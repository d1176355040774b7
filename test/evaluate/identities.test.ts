import { beforeAll, describe, expect, it } from 'vitest'
import { scoreClustering } from '../../src/evaluate/clustering.ts'
import { evaluateIdentities, type IdentitiesEvaluation } from '../../src/evaluate/identities.ts'
import { type Judged, scoreIdentities } from '../../src/evaluate/identity-scores.ts'
import { clusteringPage, identitiesPage } from '../../src/evaluate/report/reports.ts'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'

const judged = (truth: string, id: string | null, atMs: number): Judged => ({
  truth,
  id,
  alone: `${truth}${atMs}`,
  atMs,
  live: id !== null,
})

describe('scoreIdentities', () => {
  it('counts IDs, switches, and faces without an ID', () => {
    const faces = [judged('a', 'x', 0), judged('a', null, 1), judged('a', 'y', 2), judged('b', 'z', 3)]
    expect(scoreIdentities(faces)).toMatchObject({
      idsPerPerson: 1.5,
      idSwitches: 1,
      unassigned: 0.25,
      live: 0.75,
      // a as x or y, b as z: 2 of 4 faces and 3 with an ID.
      idf1: 4 / 7,
      bcubedP: 1,
      bcubedR: 0.5,
    })
  })
})

describe('evaluateIdentities', () => {
  let evaluation: IdentitiesEvaluation
  // Without noise everybody looks like themselves: whatever has thresholds must be right.
  const clear = { ...levels.easier, light: 0.1, angle: 0.1, pose: 0.1, frame: 0.1, bad: 0.1, drift: 0 }
  const steps: string[] = []
  beforeAll(() => {
    evaluation = evaluateIdentities(simulatePeople(clear, 3, 12), {}, (what) => steps.push(what))
  })

  it('says what it is at', () => {
    expect(steps.slice(0, 4)).toEqual([
      'the engine',
      'the engine, thresholds −0.08',
      'the engine, thresholds +0.08',
      'average linkage',
    ])
    expect(steps).toContain('nearest centroid at 0.20')
    expect(steps.at(-1)).toBe('DBSCAN')
  })

  it('finds the engine and the baselines right where nothing is hard, and the tracker alone not', () => {
    const { result } = evaluation
    const { nearestCentroid, windowClustering, onlineCentroid, averageLinkage, coreFaces, dbscan, trackerAlone } =
      result.baselines
    // A swapped track is split two faces late: those are the errors that are left.
    for (const { bcubedP } of [result, nearestCentroid.best, windowClustering.best, onlineCentroid.best, dbscan])
      expect(bcubedP).toBeGreaterThan(0.98)
    for (const { bcubedF } of [
      nearestCentroid.best,
      windowClustering.best,
      averageLinkage.best,
      coreFaces.best,
      dbscan,
    ])
      expect(bcubedF).toBeGreaterThan(0.98)
    expect(result.bcubedF).toBeGreaterThan(0.98)
    expect(trackerAlone.idsPerPerson).toBeGreaterThan(2)
    expect(trackerAlone.bcubedF).toBeLessThan(result.bcubedF)
  })

  it('lets the baseline face by face know no tracks: it loses more when its threshold is off', () => {
    const { onlineCentroid, nearestCentroid } = evaluation.result.baselines
    expect(onlineCentroid.best.live).toBeGreaterThan(0.9)
    expect(onlineCentroid.best.faces).toBe(evaluation.result.faces)
    expect(onlineCentroid.higher.bcubedF).toBeLessThanOrEqual(nearestCentroid.higher.bcubedF)
  })

  it('judges the same faces for all', () => {
    const { result } = evaluation
    const { nearestCentroid, dbscan, trackerAlone } = result.baselines
    for (const { faces, people } of [nearestCentroid.lower, dbscan, trackerAlone, result.shifted.lower])
      expect([faces, people]).toEqual([result.faces, result.people])
    expect(nearestCentroid.best.threshold - nearestCentroid.lower.threshold).toBeCloseTo(0.1, 9)
  })

  it('draws a report that is self-contained and cannot be broken by names', () => {
    const html = identitiesPage('Simulated <people>', evaluation.result, evaluation.faces)
    expect(html).toContain('Simulated &lt;people&gt;')
    expect(html).not.toMatch(/<script|https?:|NaN|Infinity|undefined/)
    const person = evaluation.faces[0]?.truth
    expect(html).toContain(`>${person}</text>`)
    const nasty = [judged('<b>"&', '<i>', 0), judged('c', null, 1)]
    const page = clusteringPage(scoreClustering([{ truth: 'a', predicted: '1' }]), nasty)
    expect(page).toContain('&lt;b&gt;&quot;&amp;')
    expect(page).not.toMatch(/<b>"|<i>/)
  })
})
