import { afterAll, describe, expect, test } from 'vitest'
import { localIso, localTime, withIsoTimes } from '../../src/commands/local-time.ts'

const zone = process.env.TZ
afterAll(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

describe.each([
  ['UTC', '2026-03-29T00:30:00.007+00:00', '2026-03-29 00:30 +00:00'],
  ['Europe/Berlin', '2026-03-29T01:30:00.007+01:00', '2026-03-29 01:30 +01:00'],
  ['Asia/Kathmandu', '2026-03-29T06:15:00.007+05:45', '2026-03-29 06:15 +05:45'],
  ['America/St_Johns', '2026-03-28T22:00:00.007-02:30', '2026-03-28 22:00 -02:30'],
  ['Pacific/Kiritimati', '2026-03-29T14:30:00.007+14:00', '2026-03-29 14:30 +14:00'],
])('in %s', (TZ, iso, text) => {
  const atMs = Date.UTC(2026, 2, 29, 0, 30, 0, 7)
  test('a moment is a local time with its offset', () => {
    process.env.TZ = TZ
    expect([localIso(atMs), localTime(atMs)]).toEqual([iso, text])
    expect(Date.parse(localIso(atMs))).toBe(atMs)
  })
})

test('an hour that the clocks repeat is told apart', () => {
  process.env.TZ = 'Europe/Berlin'
  const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]
  expect([localTime(first), localTime(second)]).toEqual(['2026-10-25 02:30 +02:00', '2026-10-25 02:30 +01:00'])
})

test('moments get an ISO time, durations and events do not', () => {
  process.env.TZ = 'UTC'
  const history = [{ data: { atMs: 5 } }]
  const noonMs = Date.UTC(2026, 2, 29, 12)
  expect(
    withIsoTimes({ person: { createdAtMs: 0, lastSeenAtMs: 65_000, history }, totalMs: 7, list: [{ fromMs: noonMs }] }),
  ).toEqual({
    person: { createdAtMs: 0, createdAt: null, lastSeenAtMs: 65_000, lastSeenAt: null, history },
    totalMs: 7,
    list: [{ fromMs: noonMs, from: '2026-03-29T12:00:00.000+00:00' }],
  })
})

test.each([
  [0, '0:00 of a recording'],
  [65_400, '1:05 of a recording'],
  [3_725_000, '1:02:05 of a recording'],
])('%d is a position in a recording, not 1970', (atMs, text) => expect(localTime(atMs)).toBe(text))
