import { test } from 'vitest'
import { expectGivenUp } from './given-up.ts'
import { useRecordings } from './whole-site.ts'

const recordings = useRecordings()

test('a recording that makes its process abort is found and given up, the other is read to its end', () =>
  expectGivenUp(recordings.gate, 'abort'))
