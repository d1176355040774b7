import { expect, test } from 'vitest'
import { createMessageAllowance } from '../../../src/sinks/websocket/message-allowance.ts'

test('one second of messages at once, then as many a second', () => {
  let nowMs = 0
  const isAllowed = createMessageAllowance(10, () => nowMs)
  const allowed = (count: number): number => Array.from({ length: count }, () => isAllowed(40)).filter(Boolean).length
  expect(allowed(10)).toBe(10)
  nowMs += 500
  expect(allowed(5)).toBe(5)
  nowMs += 60_000
  expect(allowed(11)).toBe(10)
})

test('big messages count as several: subscriptions of 16 KiB may come twenty times a second, not 2000', () => {
  const isAllowed = createMessageAllowance(2000, () => 0)
  const allowed = Array.from({ length: 2000 }, () => isAllowed(16_384)).filter(Boolean).length
  expect(allowed).toBe(19)
})
