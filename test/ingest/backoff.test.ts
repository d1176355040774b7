import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBackoff } from '../../src/ingest/backoff.ts'

const options = { firstMs: 100, maxMs: 1000, factor: 2, jitter: 0.2, resetAfterMs: 5000 }
const middle = () => 0.5

test('waits grow to the longest and stay there', () => {
  const backoff = createBackoff(options, middle)
  expect(Array.from({ length: 6 }, () => backoff.nextMs())).toEqual([100, 200, 400, 800, 1000, 1000])
  expect(backoff.longestMs()).toBe(1000)
})

test('a stable time online begins again with the first; a short one does not', () => {
  const backoff = createBackoff(options, middle)
  backoff.nextMs()
  backoff.nextMs()
  backoff.wasOnline(4999)
  expect(backoff.nextMs()).toBe(400)
  backoff.wasOnline(5000)
  expect(backoff.nextMs()).toBe(100)
})

test('jitter spreads each wait around its value, and nothing overflows', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5000), (random, attempts) => {
      const backoff = createBackoff(options, () => random)
      for (let i = 0; i < attempts; i++) backoff.nextMs()
      const ms = backoff.nextMs()
      const base = Math.min(1000, 100 * 2 ** attempts)
      expect(ms).toBeGreaterThanOrEqual(Math.round(base * 0.8))
      expect(ms).toBeLessThanOrEqual(Math.round(base * 1.2))
    }),
  )
})
