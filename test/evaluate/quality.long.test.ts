import { it } from 'vitest'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { faces, models } from '../support/material.ts'
import { expectKept, identityScores, shiftedScores } from './kept-scores.ts'
import { expectOrlKept } from './orl.ts'

it.each(['easier', 'harder'] as const)(
  'the committed scores of 160 scenes of simulated people, %s, are kept, with thresholds that are off too',
  (level) => {
    const frames = simulatePeople(levels[level], 11, 160)
    expectKept(`simulated ${level}`, { ...identityScores(frames), ...shiftedScores(frames) })
  },
)

it.skipIf(!faces() || !models())('the committed scores of all ORL photos with the public models are kept', () =>
  expectOrlKept({ name: 'orl', everyNth: 1 }),
)
