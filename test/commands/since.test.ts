import { expect, test } from 'vitest'
import { parseSince } from '../../src/commands/since.ts'

const nowMs = Date.UTC(2026, 2, 10, 12)

test.each([
  ['30m', nowMs - 30 * 60_000],
  ['12h', nowMs - 12 * 3_600_000],
  ['7d', nowMs - 7 * 86_400_000],
  ['2w', nowMs - 14 * 86_400_000],
  ['99999w', 0],
  ['2026-03-02', new Date(2026, 2, 2).getTime()],
  ['2026-03-02T09:30:00Z', Date.UTC(2026, 2, 2, 9, 30)],
])('--since %s', (text, atMs) => {
  expect(parseSince(text, nowMs)).toBe(atMs)
})

test.each(['', '7', 'd', '7 d', '-7d', '7y', 'yesterday', '2026-13-45', '1e3d'])('--since %j is refused', (text) => {
  expect(() => parseSince(text, nowMs)).toThrow(
    expect.objectContaining({ code: 'USAGE', remedy: expect.stringContaining('--since 7d') }),
  )
})
