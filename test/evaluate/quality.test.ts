import { describe, it } from 'vitest'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { faces, models } from '../support/material.ts'
import { expectKept, identityScores, shiftedScores } from './kept-scores.ts'
import { expectOrlKept } from './orl.ts'

describe('committed scores', () => {
  // More scenes are in quality.long.test.ts.
  it('of simulated people are kept, with thresholds that are off too', () => {
    expectKept('simulated easier, 40 scenes', identityScores(simulatePeople(levels.easier, 11, 40)))
    const frames = simulatePeople(levels.harder, 11, 40)
    expectKept('simulated harder, 40 scenes', { ...identityScores(frames), ...shiftedScores(frames) })
  }, 240_000)

  it.skipIf(!faces() || !models())(
    'of the photos of every third person of ORL with the public models are kept',
    () => expectOrlKept({ name: 'orl, every third person', everyNth: 3 }),
    240_000,
  )
})
