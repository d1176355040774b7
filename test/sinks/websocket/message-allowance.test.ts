import { expect, test } from 'vitest'
import { createMessageAllowance } from '../../../src/sinks/websocket/message-allowance.ts'

test('one second of messages at once, then as many a second', () => {
  let nowMs = 0
  const isAllowed = createMessageAllowance(10, () => nowMs)
  const allowed = (count: number): number => Array.from({ length: count }, isAllowed).filter(Boolean).length
  expect(allowed(10)).toBe(10)
  nowMs += 500
  expect(allowed(5)).toBe(5)
  nowMs += 60_000
  expect(allowed(11)).toBe(10)
})
