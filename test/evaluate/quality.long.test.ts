import { it } from 'vitest'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { expectKept, identityScores, shiftedScores } from './kept-scores.ts'

it.each(['easier', 'harder'] as const)(
  'the committed scores of 160 scenes of simulated people, %s, are kept, with thresholds that are off too',
  (level) => {
    const frames = simulatePeople(levels[level], 11, 160)
    expectKept(`simulated ${level}`, { ...identityScores(frames), ...shiftedScores(frames) })
  },
)
