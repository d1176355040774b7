import { expect, test } from 'vitest'
import { replay } from '../../src/evaluate/replay.ts'
import { roundedStream, roundings } from '../../src/evaluate/rounded-stream.ts'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import type { StreamFrame } from '../../src/evaluate/stream.ts'
import { identityOptions } from '../../src/identity/options.ts'

const people = (frames: readonly StreamFrame[]) => replay(frames, identityOptions.parse({})).faces

test('embeddings of one byte a number change nobody’s ID', () => {
  const frames = simulatePeople(levels.harder, 1, 20).slice(0, 1500)
  expect(frames).toHaveLength(1500)
  const exact = people(frames)
  expect(people(roundedStream(frames, roundings.int8 as (typeof roundings)[string]))).toEqual(exact)
})
