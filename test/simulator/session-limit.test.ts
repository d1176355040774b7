import { expect, test } from 'vitest'
import { createSessionLimit } from '../../simulator/session-limit.ts'

test('a place is free at once after TEARDOWN, and late after an unclean end', () => {
  let now = 0
  const limit = createSessionLimit({ most: 1, keptMs: 1000 }, () => now)
  expect(limit.take('a')).toBe(true)
  expect(limit.take('b')).toBe(false)
  limit.free('a', true)
  expect(limit.take('b')).toBe(true)
  limit.free('b', false)
  now = 999
  expect(limit.take('c')).toBe(false)
  now = 1000
  expect(limit.take('c')).toBe(true)
})

test('by default there are as many as anybody wants', () => {
  const limit = createSessionLimit({}, () => 0)
  expect(Array.from({ length: 100 }, (_, i) => limit.take(String(i)))).not.toContain(false)
})
