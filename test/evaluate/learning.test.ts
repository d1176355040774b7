import { expect, it } from 'vitest'
import { evaluateLearning } from '../../src/evaluate/learning.ts'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { identityOptions } from '../../src/identity/options.ts'

it('curves that are wrong cost what learning gets back', () => {
  // Scores so much too low make two IDs of a person.
  const frames = simulatePeople(levels.easier, 1, 40)
  const result = evaluateLearning(frames, { scale: 1, offset: 0 }, -0.15, identityOptions.parse({}))
  const { right, wrong, learned } = result
  expect(wrong.all.bcubedF).toBeLessThan(right.all.bcubedF - 0.005)
  expect(learned.all.bcubedF).toBeGreaterThan(wrong.all.bcubedF + 0.5 * (right.all.bcubedF - wrong.all.bcubedF))
  expect(learned.late).toBeNull()
})
